import { type Static, type TSchema, Type } from 'typebox';
import type { Message } from '../message.ts';
import type { Out } from '../process.ts';
import type { KeyedState, StageContext } from '../stage.ts';
import { type Corrigible, corrections, type Tell, type Told, ToldList } from './corrections.ts';
import { admit } from './keys.ts';
import { eventTime } from './time.ts';

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
    state: Type.Optional(state),
    base: Type.Optional(state),
    log: Type.Array(Type.Unknown(), { description: 'Messages after the base, in order.' }),
    told: ToldList,
    next: Type.Integer({ description: 'Number of the next event.' }),
  });

type Memory<S> = Omit<Static<ReturnType<typeof remembered>>, 'state' | 'base' | 'log' | 'told'> & {
  state: S;
  base?: S | undefined;
  log: Message[];
  told: Corrigible['told'];
};

const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

/** What decides between messages of one moment, whatever order they came in. */
const text = ({ received: _, ...message }: Message): string => JSON.stringify(message);

/** The order in which a machine goes through messages. */
export function byMoment(a: Message, b: Message): number {
  const apartMs = eventTime(a) - eventTime(b);
  if (apartMs !== 0) return apartMs;
  const [one, other] = [text(a), text(b)];
  return one === other ? 0 : one < other ? -1 : 1;
}

function insert(log: Message[], message: Message): boolean {
  let at = log.length;
  while (at > 0 && byMoment(log[at - 1] as Message, message) > 0) at -= 1;
  log.splice(at, 0, message);
  return at === log.length - 1;
}

/** An event that takes back another, and says nothing of its own. */
const isWithdrawal = (message: Message): boolean =>
  message.kind === 'event' && message.data.retracted === true;

/** Takes the event out that another one supersedes or withdraws: by its id where it was stored, else by its name in the flow. */
function takeOut(log: Message[], message: Message): boolean {
  if (message.kind !== 'event') return false;
  const { corrects } = message;
  const { supersedes } = message.attributes;
  if (corrects === undefined && supersedes === undefined) return false;
  const at = log.findIndex(
    (one) =>
      one.kind === 'event' &&
      ((supersedes !== undefined && one.attributes.event === supersedes) ||
        (corrects !== undefined && one.name === corrects)),
  );
  if (at >= 0) log.splice(at, 1);
  return at >= 0;
}

/**
 * Runs a machine for each object in order of time. An object's messages of the last `latenessMs` are kept
 * together with the state before them: one that comes late is put where it belongs, they are gone through again,
 * and only what is different then is said: new events, events that supersede, and withdrawals
 * (`data.retracted`). The same messages in any order within the lateness leave the same events standing. A message
 * that itself supersedes or withdraws another takes that one's place: what was concluded of it is corrected too.
 */
export function reviser<S>(
  ctx: StageContext,
  machine: Machine<S>,
  { latenessMs, maxKeys }: { readonly latenessMs: number; readonly maxKeys: number },
) {
  const states = ctx.state as KeyedState<Memory<S>>;
  const { tell, correct } = corrections(ctx.node);

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

  /** All that may still change, from the state before it. */
  function runAgain(memory: Memory<S>, key: string, out: Out): void {
    const fresh: { atMs: number; draft: Told }[] = [];
    let state = copy(memory.base);
    for (const one of memory.log) {
      const atMs = eventTime(one);
      state = machine.step(state, one, (draft) => fresh.push({ atMs, draft }));
    }
    memory.state = state as S;
    correct(memory, key, fresh, out);
  }

  /** Goes on by a message that is the newest, or through all of them again. */
  function conclude(memory: Memory<S>, key: string, message: Message, isNewest: boolean, out: Out): void {
    if (isNewest) {
      memory.state = machine.step(memory.state, message, (draft) => {
        if (latenessMs === 0) out(draft);
        else tell(memory, key, { atMs: eventTime(message), draft }, out);
      });
      return;
    }
    runAgain(memory, key, out);
  }

  return {
    /**
     * That a time has passed in which nothing was heard of an object that is known: the message that says so takes its place among the
     * others, and is gone through with them when something late comes, which it makes not later.
     */
    lapse(key: string, message: Message, out: Out): void {
      const memory = states.get(key);
      if (!memory) return;
      conclude(memory, key, message, latenessMs === 0 || insert(memory.log, message), out);
      states.set(key, memory);
    },
    /** False: the message is too late for that. */
    take(key: string, message: Message, out: Out): boolean {
      const ms = eventTime(message);
      const known = states.get(key);
      const withdrawal = isWithdrawal(message);
      if (!known && withdrawal) return true; // of what was never heard
      if (!known) admit(states, key, maxKeys);
      else if (ms < known.lastMs - latenessMs) return false;
      const memory: Memory<S> = known ?? { lastMs: ms, state: undefined as S, log: [], told: [], next: 0 };
      const replaced = takeOut(memory.log, message);
      if (withdrawal && !replaced) return true;
      memory.lastMs = Math.max(memory.lastMs, ms);
      const isLast = withdrawal || latenessMs === 0 || insert(memory.log, message);
      conclude(memory, key, message, isLast && !replaced, out);
      if (latenessMs > 0) settle(memory);
      states.set(key, memory);
      return true;
    },
    /** What else the machine goes by is another now: what that changes is corrected. */
    again(key: string, out: Out): void {
      const memory = states.get(key);
      if (!memory || memory.log.length === 0) return;
      runAgain(memory, key, out);
      states.set(key, memory);
    },
    get: (key: string): S | undefined => states.get(key)?.state,
    /** Whether a message of the object that may still change is like this. */
    has: (key: string, like: (message: Message) => boolean): boolean =>
      states.get(key)?.log.some(like) ?? false,
  };
}
