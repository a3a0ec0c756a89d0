import type { Simulator, Source } from '../simulator.ts';
import { simulateTalker } from '../talker-simulator.ts';
import { documentOf } from './encode.ts';

export const n42Faults = ['silence', 'garbage', 'cut', 'brokenXml', 'badChannels', 'disconnect'] as const;

export interface N42SimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  random(): number;
}

/** A simulated radiation instrument that listens: a spectrum becomes a document; bytes go out as they are. */
export function simulateN42({ source, host, port, random }: N42SimulatorOptions): Promise<Simulator> {
  return simulateTalker({
    source,
    host,
    port,
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
