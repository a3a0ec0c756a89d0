import type { Message } from '#flows/message';
import { callIn } from '../call-in-device.ts';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { listenAsDevice } from '../transport/device-end.ts';
import { decodeLine, type Line } from './decode.ts';
import { encodeLine } from './encode.ts';
import { lineFramer } from './frame.ts';
import { Mischief } from './mischief.ts';

export const linescanFaults = [
  'silence',
  'garbage',
  'lost',
  'doubled',
  'damaged',
  'dyingDetector',
  'doseDrift',
  'stop',
  'reverse',
  'cut',
  'disconnect',
] as const;
type LinescanFault = (typeof linescanFaults)[number];

export interface LinescanSimulatorOptions {
  /** Records of lines, a scan after the other, as fast as they are to be sent. */
  readonly source: Source;
  /** Where the scanner listens, or where it calls in. */
  readonly wire: { readonly host: string; readonly port: number; readonly callsIn: boolean };
  random(): number;
}

/** Share of lines that a fault hits. */
const hit = 0.05;

interface Wire {
  /** Where it calls in, settles when it could the first time: what was scanned before is scanned for nobody. */
  readonly ready?: Promise<void>;
  readonly config: Simulator['config'];
  send(bytes: Uint8Array): void;
  hangUp(): void;
  close(): Promise<void>;
}

async function wireOf({ host, port, callsIn }: LinescanSimulatorOptions['wire']): Promise<Wire> {
  const ignore = () => undefined; // a scanner does not listen
  if (!callsIn) {
    const end = await listenAsDevice(host, port, ignore);
    const { address, send, hangUp, close } = end;
    return { config: { connect: address }, send, hangUp, close };
  }
  let opened: () => void = ignore;
  const ready = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const device = callIn({ host, port, opened, data: ignore });
  return {
    ready,
    config: { listen: `${host}:${port}`, devices: ['*'] },
    send: (bytes) => void device.send(bytes),
    hangUp: () => device.hangUp(),
    close: () => device.close(),
  };
}

/** A simulated line scanner. What the source gives are records, cut anywhere; each is sent as it would be measured. */
export async function simulateLinescan(options: LinescanSimulatorOptions): Promise<Simulator> {
  const { source, random } = options;
  const stopped = new AbortController();
  const wire = await wireOf(options.wire);
  let current: string | undefined;
  /** Scan whose rest is not sent. */
  let cut: string | undefined;
  const switches = new Switches<LinescanFault>(linescanFaults, (name, on) => {
    if (name === 'cut' && on) cut = current;
    if ((name === 'disconnect' || name === 'cut') && on) wire.hangUp();
  });
  const mischief = new Mischief<Line>(
    {
      get stop() {
        return switches.has('stop');
      },
      get reverse() {
        return switches.has('reverse');
      },
      get doseDrift() {
        return switches.has('doseDrift');
      },
      get dyingDetector() {
        return switches.has('dyingDetector');
      },
    },
    random,
  );
  const hits = (name: LinescanFault) => switches.has(name) && random() < hit;

  const send = (line: Line) => {
    current = line.scan;
    if (switches.has('disconnect')) wire.hangUp();
    if (switches.has('silence') || switches.has('disconnect') || line.scan === cut || hits('lost')) return;
    const record = encodeLine(line, line);
    if (hits('garbage')) wire.send(Buffer.from(Array.from({ length: 100 }, () => random() * 256)));
    if (hits('damaged')) {
      const at = Math.floor(random() * record.length);
      record.writeUInt8(record.readUInt8(at) ^ 0x55, at);
    }
    wire.send(record);
    if (hits('doubled')) wire.send(record);
  };
  const framer = lineFramer();
  const done = consume(source, stopped.signal, async (item: Message | Uint8Array) => {
    if (!(item instanceof Uint8Array)) return;
    await wire.ready;
    for (const framed of framer.push(item)) {
      const decoded = 'frame' in framed ? decodeLine(framed.frame) : undefined;
      if (!decoded || 'problem' in decoded) continue;
      for (const line of decoded.parts) {
        if ('damaged' in line) continue;
        for (let other = mischief.instead(); other && !stopped.signal.aborted; other = mischief.instead()) {
          send(other);
          await new Promise((next) => setTimeout(next, mischief.stepMs));
        }
        send(mischief.next(line));
      }
    }
  });
  return {
    config: wire.config,
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await wire.close();
    },
  };
}
