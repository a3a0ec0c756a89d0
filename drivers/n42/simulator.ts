import type { Simulator, Source } from '../simulator.ts';
import type { SimulatorPlace } from '../simulator-place.ts';
import { simulateTalker } from '../talker-simulator.ts';
import { documentOf } from './encode.ts';

export const n42Faults = ['silence', 'garbage', 'cut', 'brokenXml', 'badChannels', 'disconnect'] as const;

export interface N42SimulatorOptions {
  readonly source: Source;
  readonly place: SimulatorPlace;
  random(): number;
}

/** A simulated radiation instrument: a spectrum becomes a document; bytes go out as they are. */
export function simulateN42({ source, place, random }: N42SimulatorOptions): Promise<Simulator> {
  return simulateTalker({
    source,
    place,
    file: ['simulated', '.n42'],
    faults: n42Faults,
    say(message, on) {
      if (message.kind !== 'spectrum') return undefined;
      const text = documentOf(message.device ?? 'simulated', [message]);
      if (on.has('cut')) return Buffer.from(text.slice(0, Math.floor(text.length * (0.2 + 0.6 * random()))));
      if (on.has('brokenXml')) return Buffer.from(text.replace('</Spectrum>', '</Spectrom>'));
      if (on.has('badChannels')) return Buffer.from(text.replace(/(<ChannelData[^>]*>)/g, '$1 12 -5 '));
      return Buffer.from(on.has('garbage') ? `${'\u0007'.repeat(40)}<<>>${text}` : text);
    },
  });
}
