import type { ScanStore } from '#flows/scan';
import { byteSession } from '../byte-session.ts';
import { callInSession, type Dialogue } from '../call-in-session.ts';
import { defineDriver } from '../driver.ts';
import { faults } from '../faults.ts';
import { parseAddress } from '../transport/link.ts';
import { PlainScans } from '../transport/plain-scans.ts';
import { tcpTransport } from '../transport/tcp.ts';
import { linescanCodec } from './codec.ts';
import { linescanAbout } from './config.ts';
import type { LinePart } from './decode.ts';
import { Memories } from './memory.ts';

/** A scanner is not answered. */
const dialogue: Dialogue<LinePart> = {
  identityOf: (part) => ('damaged' in part ? undefined : part.scanner),
  answer: () => undefined,
};

export const linescan = defineDriver({
  ...linescanAbout,
  codec: (config, scans: ScanStore = new PlainScans()) => linescanCodec(config, scans),
  open(config, environment) {
    const { scans } = environment;
    if (!scans) throw faults.fault('linescan.nostore', {}, environment.node);
    const common = {
      driver: linescanAbout.type,
      stamp: config,
      staleAfterSeconds: config.staleAfterSeconds,
      environment,
    };
    // A scanner that calls again, or is called again, is still calibrated.
    const memories = new Memories();
    const codec = () => linescanCodec(config, scans, memories);
    const listen = parseAddress(config.listen ?? '');
    if (listen)
      return callInSession<LinePart>({
        ...common,
        repeats: linescanAbout.repeats,
        connection: () => ({ codec: codec(), dialogue }),
        listen,
        devices: config.devices,
        maxLinks: config.maxLinks,
        idleSeconds: config.idleSeconds,
      });
    const { host, port } = parseAddress(config.connect ?? '') ?? { host: '127.0.0.1', port: 0 };
    return byteSession({
      ...common,
      codec: codec(),
      transport: tcpTransport(host, port),
      repeats: linescanAbout.repeats,
    });
  },
});
