import type { Message } from '#flows/message';
import type { Codec, Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { lineFramer } from '../line-framer.ts';
import { answerOf, type Exchange, forms, isAsked } from './exchange.ts';
import { type Meter, newMeter, type Said, said } from './meter.ts';

const maxLineBytes = 4096;

/** Pairs the lines of a transcript: a request, then its answer. An answer without a request is none. */
function exchangeFramer(): Framer<Exchange> {
  let asked: string | undefined;
  const take = (bytes: Uint8Array): Framed<Exchange>[] => {
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    if (line.startsWith('GET ')) {
      asked = line.slice(4).trim().slice(0, 80);
      return [];
    }
    const answer = answerOf(line);
    const request = asked;
    asked = undefined;
    if (answer === undefined)
      return [
        line === 'ERROR'
          ? { problem: faults.problem('radpro.refused', { request: request ?? 'nothing' }), bytes }
          : { problem: faults.problem('radpro.noise'), bytes },
      ];
    if (request === undefined) return [{ problem: faults.problem('radpro.unasked'), bytes }];
    return [{ frame: { asked: request, answer } }];
  };
  return lineFramer(maxLineBytes, () => faults.problem('radpro.toolong', { limit: maxLineBytes }), take);
}

/** Transcripts: lines of requests and answers, as they went over the line one after the other. */
export const radproCodec: Codec<Exchange, Said, Meter> = {
  maxFrameBytes: maxLineBytes,
  framer: exchangeFramer,
  pairsLines: true,
  decode({ asked, answer }) {
    if (!isAsked(asked)) return { parts: [] };
    const match = forms[asked].exec(answer);
    if (!match) return { problem: faults.problem('radpro.form', { request: asked }) };
    return { parts: [{ asked, fields: match.slice(1), value: Number(answer) }] };
  },
  initial: newMeter,
  assemble(meter, part, nowMs): readonly [Meter, Message[]] {
    return [meter, said(meter, part, nowMs)];
  },
  expire: (meter) => [meter, [], []],
  deadline: () => undefined,
};
