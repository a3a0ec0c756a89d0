import type { Message } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { listenAsDevice } from '../transport/device-end.ts';
import { framedOf } from './encode.ts';

export const spectrometerFaults = ['silence', 'garbage', 'badCheck', 'cut', 'disconnect'] as const;
type SpectrometerFault = (typeof spectrometerFaults)[number];

export interface SpectrometerSimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;

/** A simulated spectrometer that listens: a spectrum becomes a frame; bytes (files of other forms) go out as they are. */
export async function simulateSpectrometer(options: SpectrometerSimulatorOptions): Promise<Simulator> {
  const { source, random } = options;
  const stopped = new AbortController();
  const end = await listenAsDevice(options.host, options.port, () => undefined);
  const switches = new Switches<SpectrometerFault>(spectrometerFaults, (name, on) => {
    if (name === 'disconnect' && on) end.hangUp();
  });
  const spoil = (frame: Uint8Array): Uint8Array => {
    if (switches.has('cut')) return frame.subarray(0, Math.floor(frame.length * (0.2 + 0.6 * random())));
    if (switches.has('garbage'))
      return Buffer.concat([
        Buffer.from(Array.from({ length: 40 }, () => Math.floor(random() * 256))),
        frame,
      ]);
    if (switches.has('badCheck')) {
      const spoiled = frame.slice();
      spoiled[spoiled.length - 6] = (spoiled[spoiled.length - 6] as number) ^ 1;
      return spoiled;
    }
    return frame;
  };
  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) end.hangUp();
    if (switches.has('silence') || switches.has('disconnect')) return;
    if (isBytes(item)) end.send(item);
    else if (item.kind === 'spectrum') end.send(spoil(framedOf(item)));
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
