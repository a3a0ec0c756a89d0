import { Type } from 'typebox';
import type { EventDraft } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { type Silence, together } from '../tracks/outages.ts';
import { apart } from './apart.ts';
import { type Conclusion, type Corrigible, corrections, ToldList } from './corrections.ts';
import { eventAbout } from './fixes.ts';
import { OutageConfig } from './outage-config.ts';
import { parseIso, toIso } from './time.ts';

const gapType = 'quaywatch.track.gap';

const Gap = Type.Object({
  device: Type.String({ description: 'Who was silent.' }),
  from: Type.Number({ description: 'Since when, epoch ms.' }),
  to: Type.Number({ description: 'Until when, epoch ms.' }),
  draft: Type.Unknown({ description: 'The event as it came.' }),
});
interface Kept extends Silence {
  readonly draft: EventDraft;
}
type Named = Kept & { readonly key: string };
const Due = Type.Object({ dueMs: Type.Number({ description: 'When what waits is told, epoch ms.' }) });
const Told = Type.Object({
  told: ToldList,
  next: Type.Integer({ description: 'Number of the next event.' }),
});

/** What a gap is remembered by: the name by which it may be corrected, else all that it says. */
const keyOf = ({ name, device, data }: EventDraft): string => name ?? JSON.stringify([device, data]);

/** A silence that a device was not heard in at all: without a fix it was heard, and its source was not out. */
function silenceOf(event: EventDraft): Kept | undefined {
  const { name: _name, corrects: _corrects, ...draft } = event;
  const [from, to] = [parseIso(String(event.data.from)), parseIso(String(event.data.to))];
  if (event.data.class === 'fix' || !(to >= from)) return undefined;
  return { device: event.subject ?? event.device ?? '', from, to, draft };
}

/** One event for a link or server that died, in place of one for each device behind it. */
export const outage = defineStage({
  type: 'outage',
  summary:
    'Tells gaps of devices that fell silent and came back together as one outage of their source; all else passes.',
  accepts: 'any',
  emits: ['event'],
  config: OutageConfig,
  state: Type.Union([Due, Gap, Told]),
  build({ source, devices, withinSeconds, settleSeconds, latenessSeconds, maxGaps }, ctx) {
    const spaces = apart(ctx.state);
    const gaps = spaces.part('gap');
    const memory = spaces.part('told');
    const due = spaces.part('due');
    const { correct } = corrections(ctx.node);

    function outageOf(members: readonly Kept[], count: number): EventDraft {
      const from = Math.min(...members.map((one) => one.from));
      const to = Math.max(...members.map((one) => one.to));
      const names = [...new Set(members.map(({ device }) => device))].sort();
      const data = { from: toIso(from), to: toIso(to), seconds: (to - from) / 1000, count, devices: names };
      return eventAbout('quaywatch.track.outage', source, toIso(from), ctx.node, data);
    }

    function conclude(members: readonly Kept[]): Conclusion[] {
      const count = new Set(members.map(({ device }) => device)).size;
      const atMs = Math.max(...members.map((one) => one.to));
      if (count >= devices) return [{ atMs, draft: outageOf(members, count) }];
      return members.map(({ draft }) => ({ atMs, draft }));
    }

    /** What nothing late can change any more stands, and is forgotten. */
    function forget(lists: readonly (readonly Named[])[], known: Corrigible): void {
      const newestMs = Math.max(...lists.flat().map(({ to }) => to));
      const beforeMs = newestMs - (latenessSeconds + withinSeconds) * 1000;
      for (const list of lists)
        if (list.every(({ to }) => to < beforeMs)) for (const { key } of list) gaps.delete(key);
      known.told = known.told.filter(({ atMs }) => atMs >= beforeMs);
    }

    function settle(out: Out): void {
      due.delete('');
      const all = [...gaps.keys()].map((key): Named => ({ ...(gaps.get(key) as Kept), key }));
      const lists = together(all, withinSeconds * 1000);
      const known = (memory.get('') as Corrigible | undefined) ?? { told: [], next: 0 };
      correct(known, '', lists.flatMap(conclude), out);
      if (all.length > 0) forget(lists, known);
      memory.set('', known);
    }

    /** Whether it is kept, or takes back what was kept. */
    function take(event: EventDraft): boolean {
      const before = event.corrects !== undefined && gaps.get(event.corrects) !== undefined;
      if (event.corrects !== undefined && before) gaps.delete(event.corrects);
      const silence = event.data.retracted === true ? undefined : silenceOf(event);
      if (silence && (before || gaps.size < maxGaps)) {
        gaps.set(keyOf(event), silence);
        return true;
      }
      return before && event.data.retracted === true;
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'event' || message.type !== gapType || !take(message)) return out(message);
        if (due.get('') !== undefined) return;
        const dueMs = ctx.clock.now() + settleSeconds * 1000;
        due.set('', { dueMs });
        ctx.timers.set('settle', dueMs);
      },
      timer(_key, _atMs, out) {
        settle(out);
      },
    });
  },
});
