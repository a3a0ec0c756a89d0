import { type Static, Type } from 'typebox';
import type { Message } from '../message.ts';
import { process, timerMessage } from '../process.ts';
import { defineStage } from '../stage.ts';
import { isFirst as beginsPlan, ControlConfig, type ControlStep, checkPlan } from './control-config.ts';
import { isDoneBy, objectOf, type Plan, planOf } from './control-plan.ts';
import type { Tell } from './corrections.ts';
import { refusal } from './faults.ts';
import { eventAbout } from './fixes.ts';
import { type Machine, remembered, reviser } from './revise.ts';
import { eventTime, toIso } from './time.ts';

const Token = Type.Object({
  step: Type.Optional(Type.Integer({ description: 'Number of the last step; absent: none yet.' })),
  ms: Type.Number({ description: 'When it was done, epoch ms.' }),
  seal: Type.Optional(
    Type.Enum(['locked', 'unlocked'], { description: 'What the seal said last of its lock.' }),
  ),
  overdue: Type.Optional(Type.Boolean({ description: 'That what comes next is overdue has been said.' })),
});
type Token = Static<typeof Token>;

/** Steps that are due after a moment, and the last of those moments. */
interface Due {
  readonly ms: number;
  readonly steps: readonly { readonly step: ControlStep; readonly dueMs: number }[];
}

/** What is waited for after a step. */
function dueAfter(plan: Plan, { step: number, ms }: Token): Due | undefined {
  if (number === undefined) return undefined;
  const steps = plan.next(number).flatMap((next) => {
    const step = plan.steps[next];
    return step?.maxSeconds === undefined ? [] : [{ step, dueMs: ms + step.maxSeconds * 1000 }];
  });
  return steps.length === 0 ? undefined : { ms: Math.max(...steps.map(({ dueMs }) => dueMs)), steps };
}

/** Says that a time has passed: no device does. */
const lapseType = 'quaywatch.flow.timer';
const isLapse = (message: Message): boolean => message.kind === 'event' && message.type === lapseType;

type Kind = 'tooFast' | 'tooSlow' | 'skipped' | 'outOfOrder';

function automaton(config: ControlConfig, node: string): Machine<Token> {
  const plan = planOf(config.steps);
  const { steps } = plan;
  const isFirst = (step: number) => beginsPlan(steps, step);

  /** When the steps after this one are due: by their own bounds, from now on. */
  const expected = (step: number, ms: number) =>
    plan.next(step).flatMap((number) => {
      const one = steps[number];
      if (!one) return [];
      const { minSeconds = 0, maxSeconds } = one;
      const latest = maxSeconds === undefined ? {} : { latest: toIso(ms + maxSeconds * 1000) };
      return [{ step: one.id, earliest: toIso(ms + minSeconds * 1000), ...latest }];
    });

  /** Of the steps that a message may be, the one that is waited for, the one just done, the nearest ahead; else the first. */
  function stepOf(from: number, matches: readonly number[]): number {
    const next = plan.next(from);
    const ahead = matches
      .flatMap((step) => plan.between(from, step)?.length ?? [])
      .reduce((least, one) => Math.min(least, one), Infinity);
    return (
      matches.find((one) => next.includes(one)) ??
      matches.find((one) => one === from) ??
      matches.find((one) => plan.between(from, one)?.length === ahead) ??
      matches.find(isFirst) ??
      matches[0] ??
      0
    );
  }

  return {
    step(known, message, tell) {
      if (isLapse(message)) return known ? waited(known, message, tell) : { ms: eventTime(message) };
      if (message.kind !== 'seal') return go(known, message, tell);
      // seals say again and again what they are: that is news only where it is waited for
      const { state } = message;
      if (state !== 'locked' && state !== 'unlocked') return known ?? { ms: eventTime(message) };
      const next = known?.step === undefined ? [] : plan.next(known.step);
      const isAwaited = next.some((step) => isDoneBy(steps[step] as ControlStep, message));
      const isNews = known?.seal !== state || next.length === 0 || isAwaited;
      return { ...(isNews ? go(known, message, tell) : known), seal: state } as Token;
    },
  };

  /** What became overdue before a message, said once: whether the clock said so first, or what came late. */
  function waited(token: Token, message: Message, tell: Tell): Token {
    const due = dueAfter(plan, token);
    const object = objectOf(message);
    if (!due || token.overdue || object === undefined || eventTime(message) <= due.ms) return token;
    const overdue = due.steps.map(({ step, dueMs }) => ({ step: step.id, latest: toIso(dueMs) }));
    const data = { plan: config.plan, step: overdue[0]?.step ?? '', overdue };
    tell(eventAbout('quaywatch.control.overdue', object, toIso(due.ms), node, data));
    return { ...token, overdue: true };
  }

  function go(known: Token | undefined, message: Message, tell: Tell): Token {
    const ms = eventTime(message);
    const token = known ? waited(known, message, tell) : { ms };
    const at = (step: number): Token => ({ ...(token.seal && { seal: token.seal }), step, ms });
    const object = objectOf(message) ?? '';
    const matches = steps.flatMap((step, i) => (isDoneBy(step, message) ? [i] : []));
    if (matches.length === 0) return token;
    const say = (what: string, step: number, data: Record<string, unknown>) =>
      tell(
        eventAbout(`quaywatch.control.${what}`, object, toIso(ms), node, {
          plan: config.plan,
          step: steps[step]?.id ?? '',
          ...data,
        }),
      );
    const { step: from } = token;
    const start = matches.find(isFirst);
    const done = from === undefined || plan.next(from).length === 0;
    // an object that is through its plan, or has none yet, may begin it
    if (done && start !== undefined) {
      say('step', start, { expected: expected(start, ms) });
      return at(start);
    }
    const before = from === undefined ? undefined : steps[from]?.id;
    const violate = (kind: Kind, step: number, data: Record<string, unknown> = {}) =>
      say('violation', step, { violation: kind, ...(before === undefined ? {} : { before }), ...data });
    const to = from === undefined ? (matches[0] ?? 0) : stepOf(from, matches);
    const skipped = from === undefined ? undefined : plan.between(from, to);
    if (!skipped) {
      // not one that lies ahead: the token stays where it is, and at the first step it begins anew
      if (from !== undefined && to === from) return token;
      violate('outOfOrder', to);
      if (start === to) say('step', to, { expected: expected(to, ms) });
      return from === undefined || start === to ? at(to) : token;
    }
    const seconds = (ms - token.ms) / 1000;
    const { minSeconds = 0, maxSeconds = Infinity } = steps[to] ?? {};
    if (skipped.length > 0) violate('skipped', to, { skipped: skipped.map((step) => steps[step]?.id) });
    else if (seconds < minSeconds) violate('tooFast', to, { seconds, minSeconds });
    else if (seconds > maxSeconds) violate('tooSlow', to, { seconds, maxSeconds });
    const ahead = expected(to, ms);
    say('step', to, { before, seconds, expected: ahead });
    if (ahead.length === 0) say('completed', to, {});
    return at(to);
  }
}

/**
 * A timed automaton for each object: its token moves from step to step, over fences, gates, scans and seals. What is
 * overdue is said once (`quaywatch.control.overdue`), by the clock or by what comes after it, at the moment when it was due, and withdrawn when it
 * was done in time after all, as a box that was cut off tells later.
 */
export const control = defineStage({
  type: 'control',
  summary:
    'Follows objects through a plan of zones, gates, scans and seals: too fast, too slow, skipped, out of order.',
  accepts: ['event', 'passage', 'seal'],
  emits: ['event'],
  config: ControlConfig,
  state: remembered(Token),
  outputs: () => ['late'],
  check: checkPlan,
  build(config, ctx) {
    const plan = planOf(config.steps);
    const ofSeals = config.steps.some(({ seal }) => seal !== undefined);
    const objects = reviser(ctx, automaton(config, ctx.node), {
      latenessMs: config.latenessSeconds * 1000,
      maxKeys: config.maxObjects,
    });
    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'event' && message.kind !== 'passage' && message.kind !== 'seal') {
          throw refusal('message.kind', {
            kind: message.kind,
            stage: 'control',
            accepted: 'events, passages and seals',
          });
        }
        const object = objectOf(message);
        if (object === undefined) throw refusal('message.device');
        const counts =
          message.kind === 'seal' ? ofSeals : config.steps.some((step) => isDoneBy(step, message));
        if (!counts) return;
        const before = objects.get(object);
        if (!objects.take(object, message, out)) return ctx.send('late', message);
        const token = objects.get(object);
        if (before && before.step === token?.step && before.ms === token?.ms) return; // what is overdue is said once
        const due = token && dueAfter(plan, token);
        if (due) ctx.timers.set(object, ctx.clock.now() + Math.max(0, due.ms - eventTime(message)) + 1);
        else ctx.timers.clear(object);
      },
      timer(object, _atMs, out) {
        const token = objects.get(object);
        const due = token && dueAfter(plan, token);
        if (!due) return;
        const lapse = { ...timerMessage(ctx.node), subject: object, time: toIso(due.ms + 1) };
        objects.lapse(object, lapse as Message, out);
      },
    });
  },
});
