import { type Static, type TSchema, Type } from 'typebox';
import type { EventDraft, Message } from '../message.ts';
import type { Out } from '../process.ts';
import type { KeyedState, StageContext } from '../stage.ts';
import { admit } from './keys.ts';
import { eventTime } from './time.ts';

export type Tell = (draft: EventDraft) => void;

/** What one object goes through, message by message in order of their times. Pure: no clock, no order of arrival. */
export interface Machine<S> {
  /** Undefined: the first message of the object. May change `state` in place. */
  step(state: S | undefined, message: Message, tell: Tell): S;
}

export const latenessField = Type.Number({
  description:
    'Messages may come this much later than newer ones of their object, seconds: what they change is corrected or withdrawn by events with `supersedes`. 0: older ones leave by `late`.',
  default: 0,
  minimum: 0,
  maximum: 604_800,
});

/** What is remembered of one object. */
export const remembered = <T extends TSchema>(state: T) =>
  Type.Object({
    lastMs: Type.Number({ description: 'Time of the newest message, epoch ms.' }),
    state,
    base: Type.Optional(state),
    log: Type.Array(Type.Unknown(), { description: 'Messages after the base, in order.' }),
    told: Type.Array(
      Type.Object({
        name: Type.Integer({ description: 'Number of the event.' }),
        atMs: Type.Number({ description: 'Time of the message that caused it, epoch ms.' }),
        draft: Type.Unknown({ description: 'The event.' }),
      }),
      { description: 'Events that may still change.' },
    ),
    next: Type.Integer({ description: 'Number of the next event.' }),
  });

type Memory<S> = Omit<Static<ReturnType<typeof remembered>>, 'state' | 'base' | 'log' | 'told'> & {
  state: S;
  base?: S | undefined;
  log: Message[];
  told: { name: number; atMs: number; draft: EventDraft }[];
};

const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

/** What decides between messages of one moment, whatever order they came in. */
const text = ({ received: _, ...message }: Message): string => JSON.stringify(message);

function insert(log: Message[], message: Message, ms: number): boolean {
  let at = log.length;
  while (at > 0) {
    const before = log[at - 1] as Message;
    const beforeMs = eventTime(before);
    if (beforeMs < ms || (beforeMs === ms && text(before) <= text(message))) break;
    at -= 1;
  }
  log.splice(at, 0, message);
  return at === log.length - 1;
}

/** Events that can stand for each other: the same kind of thing about the same things. */
const about = ({ type, subject, data }: EventDraft): string =>
  JSON.stringify([type, subject, data.fence ?? data.corridor ?? data.guard ?? data.step ?? null]);

/**
 * Runs a machine for each object in order of time. An object's messages of the last `latenessMs` are kept
 * together with the state before them: one that comes late is put where it belongs, they are gone through again,
 * and only what is different then is said: new events, events that supersede, and withdrawals
 * (`data.retracted`). The same messages in any order within the lateness leave the same events standing.
 */
export function reviser<S>(
  ctx: StageContext,
  machine: Machine<S>,
  { latenessMs, maxKeys }: { readonly latenessMs: number; readonly maxKeys: number },
) {
  const states = ctx.state as KeyedState<Memory<S>>;

  function correct(
    memory: Memory<S>,
    key: string,
    fresh: { atMs: number; draft: EventDraft }[],
    out: Out,
  ): void {
    const gone = new Map(memory.told.map((one) => [JSON.stringify(one.draft), one]));
    const added = fresh.filter(({ draft }) => !gone.delete(JSON.stringify(draft)));
    const lost = [...gone.values()];
    memory.told = memory.told.filter((one) => !lost.includes(one));
    for (const { atMs, draft } of added) {
      const at = lost.findIndex((one) => about(one.draft) === about(draft));
      const [old] = at < 0 ? [] : lost.splice(at, 1);
      tell(memory, key, atMs, draft, out, old?.name);
    }
    for (const { name, draft } of lost) {
      out({ ...draft, data: { ...draft.data, retracted: true }, corrects: nameOf(key, name) });
    }
  }

  const nameOf = (key: string, number: number) => `${ctx.node}/${key}#${number}`;

  function tell(
    memory: Memory<S>,
    key: string,
    atMs: number,
    draft: EventDraft,
    out: Out,
    old?: number,
  ): void {
    if (latenessMs === 0) {
      out(draft);
      return;
    }
    const name = memory.next++;
    memory.told.push({ name, atMs, draft });
    const corrects = old === undefined ? {} : { corrects: nameOf(key, old) };
    out({ ...draft, name: nameOf(key, name), ...corrects });
  }

  /** What is older than the lateness can change no more. */
  function settle(memory: Memory<S>): void {
    const horizon = memory.lastMs - latenessMs;
    let done = 0;
    while (done < memory.log.length && eventTime(memory.log[done] as Message) < horizon) {
      memory.base = machine.step(memory.base, memory.log[done] as Message, () => undefined);
      done += 1;
    }
    if (done > 0) memory.log.splice(0, done);
    memory.told = memory.told.filter(({ atMs }) => atMs >= horizon);
  }

  return {
    /** False: the message is too late for that. */
    take(key: string, message: Message, out: Out): boolean {
      const ms = eventTime(message);
      const known = states.get(key);
      if (!known) admit(states, key, maxKeys);
      else if (ms < known.lastMs - latenessMs) return false;
      const memory: Memory<S> = known ?? { lastMs: ms, state: undefined as S, log: [], told: [], next: 0 };
      memory.lastMs = Math.max(memory.lastMs, ms);
      const isNewest = latenessMs === 0 || insert(memory.log, message, ms);
      if (isNewest) {
        memory.state = machine.step(memory.state, message, (draft) => tell(memory, key, ms, draft, out));
      } else {
        const fresh: { atMs: number; draft: EventDraft }[] = [];
        let state = copy(memory.base);
        for (const one of memory.log) {
          const atMs = eventTime(one);
          state = machine.step(state, one, (draft) => fresh.push({ atMs, draft }));
        }
        memory.state = state as S;
        correct(memory, key, fresh, out);
      }
      if (latenessMs > 0) settle(memory);
      states.set(key, memory);
      return true;
    },
    get: (key: string): S | undefined => states.get(key)?.state,
  };
}
