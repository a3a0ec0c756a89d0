import type { Simulator, Source } from '../simulator.ts';
import type { SimulatorPlace } from '../simulator-place.ts';
import { simulateTalker } from '../talker-simulator.ts';
import { framedOf } from './encode.ts';

export const spectrometerFaults = ['silence', 'garbage', 'badCheck', 'cut', 'disconnect'] as const;

export interface SpectrometerSimulatorOptions {
  readonly source: Source;
  readonly place: SimulatorPlace;
  random(): number;
}

/** A simulated spectrometer: a spectrum becomes a frame; bytes (files of other forms) go out as they are. */
export function simulateSpectrometer(options: SpectrometerSimulatorOptions): Promise<Simulator> {
  const { source, place, random } = options;
  return simulateTalker({
    source,
    place,
    file: ['simulated', '.qws'],
    faults: spectrometerFaults,
    say(message, on) {
      if (message.kind !== 'spectrum') return undefined;
      const frame = framedOf(message);
      if (on.has('cut')) return frame.subarray(0, Math.floor(frame.length * (0.2 + 0.6 * random())));
      if (on.has('garbage'))
        return Buffer.concat([
          Buffer.from(Array.from({ length: 40 }, () => Math.floor(random() * 256))),
          frame,
        ]);
      if (!on.has('badCheck')) return frame;
      const spoiled = frame.slice();
      spoiled[spoiled.length - 6] = (spoiled[spoiled.length - 6] as number) ^ 1;
      return spoiled;
    },
  });
}
