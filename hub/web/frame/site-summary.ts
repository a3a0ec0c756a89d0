import type { BoxView } from '#hub/api/types';
import { boxSilentAfterMs } from '../format/freshness.ts';
import { shortDuration } from '../format/time.ts';
import type { StateLook } from '../parts/state-mark.tsx';

/** A site is as well as the worst of its boxes; the age is that of the word longest ago. */
export function summarise(boxes: readonly BoxView[], now: number): { look: StateLook; words: string } {
  if (boxes.length === 0) return { look: 'off', words: 'no boxes' };
  const heard = boxes.map((box) => Date.parse(box.heard ?? ''));
  const silent = boxes.filter(
    (box, i) => box.link !== 'connected' || !(now - (heard[i] ?? Number.NaN) < boxSilentAfterMs),
  );
  const oldest = Math.min(...heard.filter(Number.isFinite));
  const age = Number.isFinite(oldest) ? shortDuration(now - oldest) : 'never';
  if (silent.length > 0) {
    const of = boxes.length > 1 ? ` ${silent.length} of ${boxes.length}` : '';
    return { look: 'alarm', words: `link lost${of}, ${age}` };
  }
  if (boxes.some((box) => box.status?.outbox.full)) return { look: 'warn', words: `outbox full, ${age}` };
  return { look: 'good', words: age };
}
