import { type TSchema, Type } from 'typebox';
import type { Out } from '../process.ts';
import type { KeyedState, StageContext } from '../stage.ts';
import { type Conclusion, type Corrigible, corrections, type Tell, ToldList } from './corrections.ts';
import { layerOver, type Memory } from './layer.ts';

/** A message of many objects that are judged together, by its time. */
export interface Timed {
  readonly ms: number;
}

/** How far a stage has come that judges many objects together. */
export const courseOf = <T extends TSchema>(held: T) =>
  Type.Object({
    what: Type.Literal('course'),
    newestMs: Type.Number({ description: 'Newest event time, epoch ms.' }),
    doneMs: Type.Optional(Type.Number({ description: 'As far as here it is settled, epoch ms.' })),
    earlyMs: Type.Optional(Type.Number({ description: 'As far as here it is told, epoch ms.' })),
    held: Type.Array(held, { description: 'What is not settled, in order.' }),
    told: Type.Optional(ToldList),
    next: Type.Optional(Type.Integer({ description: 'Number of the next event.' })),
  });

interface Course<One> extends Corrigible {
  what: 'course';
  newestMs: number;
  doneMs: number;
  earlyMs: number;
  held: One[];
}

export interface TierRules<One> {
  /** How late messages may come, ms. */
  readonly latenessMs: number;
  /** A message is judged by what is no more than this later, ms. */
  readonly settleMs: number;
  /** Order of messages of one time. */
  compare(a: One, b: One): number;
  /** Changes `memory`, and nothing else; reads of the state what messages themselves left there. */
  judge(one: One, memory: Memory, tell: Tell): void;
}

/** What is out of order by less than this is waited for, ms. */
const slackMs = 10_000;
/** Corrections wait this long for more of what is late, ms. */
const pauseMs = 1000;
const restKey = 'rest';
const againKey = 'again';
const key = 'c';

/**
 * Judges messages of many objects in order of time, twice: early, as soon as what is on time is there, and for good when
 * nothing can be late any more. What is told early is told once; when something late comes, all that is not settled is
 * judged again, and what is different then is superseded or withdrawn. So the same messages in any order within the
 * lateness leave the same events standing. Without lateness there is one judgement.
 */
export function tiers<One extends Timed>(ctx: StageContext, rules: TierRules<One>) {
  const { latenessMs, settleMs } = rules;
  const state = ctx.state as KeyedState<Course<One>>;
  const early = layerOver(ctx.state);
  const { tell, correct } = corrections(ctx.node);
  const isPatient = latenessMs > 0;
  const order = (a: One, b: One) => a.ms - b.ms || rules.compare(a, b);
  /** The layer is not what the messages make of the state: something late came, or the stage has just begun. */
  let stale = true;
  let isAsked = false;

  function course(): Course<One> {
    const known = state.get(key);
    const fresh = {
      what: 'course' as const,
      newestMs: 0,
      doneMs: 0,
      earlyMs: 0,
      held: [],
      told: [],
      next: 0,
    };
    return known ? { ...fresh, ...known } : fresh;
  }

  function insert(held: One[], one: One): void {
    let at = held.length;
    while (at > 0 && order(held[at - 1] as One, one) > 0) at -= 1;
    held.splice(at, 0, one);
  }

  /** Judges again all that was judged early, and corrects what was told. */
  function again(now: Course<One>, out: Out): void {
    early.clear();
    const fresh: Conclusion[] = [];
    for (const one of now.held) {
      if (one.ms > now.earlyMs) break;
      rules.judge(one, early, (draft) => fresh.push({ atMs: one.ms, draft }));
    }
    correct(now, '', fresh, out);
    stale = false;
    isAsked = false;
  }

  function advanceEarly(now: Course<One>, toMs: number, out: Out): void {
    if (toMs <= now.earlyMs) return;
    for (const one of now.held) {
      if (one.ms <= now.earlyMs) continue;
      if (one.ms > toMs) break;
      rules.judge(one, early, (draft) => tell(now, '', { atMs: one.ms, draft }, out));
    }
    now.earlyMs = toMs;
  }

  function settle(now: Course<One>, toMs: number, out: Out): void {
    const found = now.held.findIndex(({ ms }) => ms > toMs);
    const due = now.held.splice(0, found < 0 ? now.held.length : found);
    for (const one of due) rules.judge(one, ctx.state, isPatient ? () => undefined : out);
    now.doneMs = Math.max(now.doneMs, toMs);
    if (!isPatient) return;
    now.told = now.told.filter(({ atMs }) => atMs > toMs);
    early.sweep();
  }

  function advance(now: Course<One>, earlyMs: number, doneMs: number, out: Out): void {
    if (isPatient) {
      const due = now.held[0];
      if (stale && due && due.ms <= doneMs) again(now, out); // it is told right before it is for good
      if (!stale) advanceEarly(now, earlyMs, out);
    }
    settle(now, doneMs, out);
    state.set(key, now);
  }

  function goOn(now: Course<One>, out: Out): void {
    const knownMs = now.newestMs - settleMs;
    advance(now, knownMs - Math.min(slackMs, latenessMs), knownMs - latenessMs, out);
  }

  function rest(out: Out): void {
    const now = course();
    if (isPatient && stale) again(now, out);
    advance(now, now.newestMs, now.newestMs, out);
  }

  return {
    /** Whether a message of that time can still count. */
    isInTime(ms: number): boolean {
      const { newestMs, doneMs } = course();
      return ms >= newestMs - latenessMs && (!isPatient || ms > doneMs);
    },
    /** A message that is in time and has left in the state what it says; `one` where it is to be judged itself. */
    take(ms: number, one: One | undefined, out: Out): void {
      const now = course();
      if (stale && now.held.length === 0 && now.told.length === 0) stale = false;
      if (one) insert(now.held, one);
      now.newestMs = Math.max(now.newestMs, ms);
      ctx.timers.set(restKey, ctx.clock.now() + 2 * latenessMs + settleMs);
      if (isPatient && (stale || ms <= now.earlyMs + settleMs)) {
        stale = true;
        if (!isAsked) ctx.timers.set(againKey, ctx.clock.now() + pauseMs);
        isAsked = true;
      }
      goOn(now, out);
    },
    timer(timerKey: string, out: Out): void {
      if (timerKey === restKey) {
        rest(out);
        return;
      }
      const now = course();
      if (stale) again(now, out);
      goOn(now, out);
    },
    rest,
  };
}
