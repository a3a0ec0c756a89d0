import type { Message } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { listenAsDevice } from '../transport/device-end.ts';
import { documentOf } from './encode.ts';

export const n42Faults = ['silence', 'garbage', 'cut', 'brokenXml', 'badChannels', 'disconnect'] as const;
type N42Fault = (typeof n42Faults)[number];

export interface N42SimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;

/** A simulated radiation instrument that listens: a spectrum becomes a document; bytes go out as they are. */
export async function simulateN42(options: N42SimulatorOptions): Promise<Simulator> {
  const { source, random } = options;
  const stopped = new AbortController();
  const end = await listenAsDevice(options.host, options.port, () => undefined);
  const switches = new Switches<N42Fault>(n42Faults, (name, on) => {
    if (name === 'disconnect' && on) end.hangUp();
  });
  const spoil = (text: string): string => {
    if (switches.has('cut')) return text.slice(0, Math.floor(text.length * (0.2 + 0.6 * random())));
    if (switches.has('brokenXml')) return text.replace('</Spectrum>', '</Spectrom>');
    if (switches.has('badChannels')) return text.replace(/(<ChannelData[^>]*>)/g, '$1 12 -5 ');
    if (switches.has('garbage')) return `${'\u0007'.repeat(40)}<<>>${text}`;
    return text;
  };
  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) end.hangUp();
    if (switches.has('silence') || switches.has('disconnect')) return;
    if (isBytes(item)) end.send(item);
    else if (item.kind === 'spectrum')
      end.send(Buffer.from(spoil(documentOf(item.device ?? 'simulated', [item]))));
  });
  return {
    config: { connect: end.address },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await end.close();
    },
  };
}
