import { Type } from 'typebox';
import type { EventDraft, MessageOf } from '../message.ts';
import type { Out } from '../process.ts';

/** An event; or a position that is let through, which nobody can take back: it goes once. */
export type Told = EventDraft | MessageOf<'position'>;
export type Tell = (told: Told) => void;

/** What was concluded of a message, and the time of that message, epoch ms. */
export interface Conclusion {
  readonly atMs: number;
  readonly draft: Told;
}

/** Who remembers what was told, as long as it may still change. */
export interface Corrigible {
  told: (Conclusion & { readonly name: number })[];
  /** Number of the next event. */
  next: number;
}

export const ToldList = Type.Array(
  Type.Object({
    name: Type.Integer({ description: 'Number of the event.' }),
    atMs: Type.Number({ description: 'Time of the message that caused it, epoch ms.' }),
    draft: Type.Unknown({ description: 'The event.' }),
  }),
  { description: 'Events that may still change.' },
);

/** Events that can stand for each other: the same kind of thing about the same things. */
function about(told: Told): string {
  if (told.kind === 'position') return JSON.stringify([told.time, told.received, told.lon, told.lat]);
  const { type, subject, data } = told;
  return JSON.stringify([
    type,
    subject,
    data.fence ?? data.corridor ?? data.guard ?? data.step ?? data.leg ?? null,
  ]);
}

/** Tells what may still change under a name, and what is different later by events that say which one they correct. */
export function corrections(node: string) {
  const nameOf = (key: string, number: number) => `${node}/${key}#${number}`;

  function tell(memory: Corrigible, key: string, { atMs, draft }: Conclusion, out: Out, old?: number): void {
    const name = memory.next++;
    memory.told.push({ name, atMs, draft });
    if (draft.kind === 'position') {
      if (old === undefined) out(draft);
      return;
    }
    const corrects = old === undefined ? {} : { corrects: nameOf(key, old) };
    out({ ...draft, name: nameOf(key, name), ...corrects });
  }

  /** Makes `fresh` all that stands: what was told and is not among it is superseded, or withdrawn (`data.retracted`). */
  function correct(memory: Corrigible, key: string, fresh: readonly Conclusion[], out: Out): void {
    const gone = new Map<string, Corrigible['told']>();
    for (const one of memory.told) {
      const text = JSON.stringify(one.draft);
      const same = gone.get(text);
      if (same) same.push(one);
      else gone.set(text, [one]);
    }
    const kept: Corrigible['told'] = [];
    const added = fresh.filter(({ atMs, draft }) => {
      const same = gone.get(JSON.stringify(draft))?.shift();
      if (same) kept.push({ ...same, atMs }); // another message may say it now: it stands as long as that one does
      return same === undefined;
    });
    const lost = [...gone.values()].flat();
    memory.told = kept;
    for (const conclusion of added) {
      const at = lost.findIndex((one) => about(one.draft) === about(conclusion.draft));
      const [old] = at < 0 ? [] : lost.splice(at, 1);
      tell(memory, key, conclusion, out, old?.name);
    }
    for (const { name, draft } of lost) {
      if (draft.kind === 'event')
        out({ ...draft, data: { ...draft.data, retracted: true }, corrects: nameOf(key, name) });
    }
  }

  return { tell, correct };
}
