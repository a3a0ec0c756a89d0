import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Sentence } from './sentence.ts';
import type { Tag } from './tag.ts';

/** A message whose sentences are not all there. */
interface Pieces {
  readonly total: number;
  readonly payloads: Uint8Array[];
  readonly tag: Tag | undefined;
  readonly sinceMs: number;
  /** Number of the sentence that began it, on this line. */
  readonly begun: number;
}

/** Messages of one line that wait for their next sentence. */
export interface Joining {
  readonly waiting: Map<string, Pieces>;
  sentences: number;
  problems: Problem[];
}

/** After this a sequence number may be in use for another message, ms: nothing is joined any more. */
export const pieceTimeoutMs = 2_000;
/** The same where there is no clock: so many sentences later. */
const maxBetween = 64;
const maxWaiting = 32;

export const newJoining = (): Joining => ({ waiting: new Map(), sentences: 0, problems: [] });

const incomplete = ({ payloads, total }: Pieces) =>
  faults.problem('ais.incomplete', { have: payloads.length, total });

export interface Whole {
  readonly payload: Uint8Array;
  readonly tag: Tag | undefined;
}

/**
 * Takes a sentence of several; the whole when it was the last. They are taken in their order only: the end of one
 * message behind the beginning of another would be a wrong reading.
 */
export function join(joining: Joining, sentence: Sentence, nowMs: number): Whole | undefined {
  const { waiting } = joining;
  // Where a multiplexer numbers groups, its number is surer than that of the receiver, of which there are ten.
  const key = sentence.tag?.group ? `group ${sentence.tag.group.id}` : sentence.key;
  let held = waiting.get(key);
  if (
    held &&
    (sentence.index !== held.payloads.length + 1 || sentence.total !== held.total || old(joining, held))
  ) {
    waiting.delete(key);
    joining.problems.push(incomplete(held));
    held = undefined;
  }
  if (!held) {
    if (sentence.index !== 1) {
      joining.problems.push(faults.problem('ais.incomplete', { have: 1, total: sentence.total }));
      return undefined;
    }
    const [first] = waiting;
    if (first && waiting.size >= maxWaiting) {
      waiting.delete(first[0]);
      joining.problems.push(incomplete(first[1]));
    }
    held = {
      total: sentence.total,
      payloads: [],
      tag: sentence.tag,
      sinceMs: nowMs,
      begun: joining.sentences,
    };
    waiting.set(key, held);
  }
  held.payloads.push(sentence.payload);
  if (held.payloads.length < held.total) return undefined;
  waiting.delete(key);
  return { payload: Buffer.concat(held.payloads), tag: held.tag };
}

const old = (joining: Joining, held: Pieces) => joining.sentences - held.begun > maxBetween;

/** What has waited too long; problems that were noted meanwhile come with it. */
export function joiningProblems(joining: Joining, nowMs: number): Problem[] {
  for (const [key, held] of joining.waiting)
    if (nowMs - held.sinceMs >= pieceTimeoutMs || old(joining, held)) {
      joining.waiting.delete(key);
      joining.problems.push(incomplete(held));
    }
  const { problems } = joining;
  joining.problems = [];
  return problems;
}

/** When something is due; 0: at once. */
export function joiningDue({ waiting, problems }: Joining): number | undefined {
  if (problems.length > 0) return 0;
  for (const { sinceMs } of waiting.values()) return sinceMs + pieceTimeoutMs; // the oldest is the first
  return undefined;
}
