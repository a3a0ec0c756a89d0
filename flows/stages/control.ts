import { type Static, Type } from 'typebox';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { ControlConfig, checkPlan } from './control-config.ts';
import { isDoneBy, objectOf, planOf } from './control-plan.ts';
import { refusal } from './faults.ts';
import { eventAbout } from './fixes.ts';
import { type Machine, remembered, reviser } from './revise.ts';
import { eventTime, toIso } from './time.ts';

const Token = Type.Object({
  step: Type.Optional(Type.Integer({ description: 'Number of the last step; absent: none yet.' })),
  ms: Type.Number({ description: 'When it was done, epoch ms.' }),
});
type Token = Static<typeof Token>;

type Kind = 'tooFast' | 'tooSlow' | 'skipped' | 'outOfOrder';

function automaton(config: ControlConfig, node: string): Machine<Token> {
  const plan = planOf(config.steps);
  const { steps } = plan;
  const isFirst = (step: number) => (steps[step]?.after ?? (step === 0 ? [] : undefined))?.length === 0;

  /** When the steps after this one are due: by their own bounds, from now on. */
  const expected = (step: number, ms: number) =>
    plan.next(step).flatMap((number) => {
      const one = steps[number];
      if (!one) return [];
      const { minSeconds = 0, maxSeconds } = one;
      const latest = maxSeconds === undefined ? {} : { latest: toIso(ms + maxSeconds * 1000) };
      return [{ step: one.id, earliest: toIso(ms + minSeconds * 1000), ...latest }];
    });

  return {
    step(known, message, tell) {
      const ms = eventTime(message);
      const token: Token = known ?? { ms };
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
        return { step: start, ms };
      }
      const before = from === undefined ? undefined : steps[from]?.id;
      const violate = (kind: Kind, step: number, data: Record<string, unknown> = {}) =>
        say('violation', step, { violation: kind, ...(before === undefined ? {} : { before }), ...data });
      const to =
        (from === undefined ? undefined : matches.find((one) => plan.next(from).includes(one))) ??
        matches[0] ??
        0;
      const skipped = from === undefined ? undefined : plan.between(from, to);
      if (!skipped) {
        // not one that lies ahead: the token stays where it is, and at the first step it begins anew
        if (from !== undefined && to === from) return token;
        violate('outOfOrder', to);
        return from === undefined ? { step: to, ms } : token;
      }
      const seconds = (ms - token.ms) / 1000;
      const { minSeconds = 0, maxSeconds = Infinity } = steps[to] ?? {};
      if (skipped.length > 0) violate('skipped', to, { skipped: skipped.map((step) => steps[step]?.id) });
      else if (seconds < minSeconds) violate('tooFast', to, { seconds, minSeconds });
      else if (seconds > maxSeconds) violate('tooSlow', to, { seconds, maxSeconds });
      const ahead = expected(to, ms);
      say('step', to, { before, seconds, expected: ahead });
      if (ahead.length === 0) say('completed', to, {});
      return { step: to, ms };
    },
  };
}

/**
 * A timed automaton for each object: its token moves from step to step, over fences, gates, scans and seals. While a
 * step is overdue the clock says so once (`quaywatch.control.overdue`); what became of it, its step says.
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
    const objects = reviser(ctx, automaton(config, ctx.node), {
      latenessMs: config.latenessSeconds * 1000,
      maxKeys: config.maxObjects,
    });
    const overdue = (token: Token | undefined) => {
      if (token?.step === undefined) return [];
      return plan.next(token.step).flatMap((number) => {
        const step = plan.steps[number];
        return step?.maxSeconds === undefined ? [] : [{ step, dueMs: token.ms + step.maxSeconds * 1000 }];
      });
    };
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
        if (!config.steps.some((step) => isDoneBy(step, message))) return;
        const ms = eventTime(message);
        if (!objects.take(object, message, out)) return ctx.send('late', message);
        const due = overdue(objects.get(object)).map(({ dueMs }) => dueMs);
        if (due.length === 0) ctx.timers.clear(object);
        else ctx.timers.set(object, ctx.clock.now() + Math.max(0, Math.max(...due) - ms) + 1);
      },
      timer(object, atMs, out) {
        const late = overdue(objects.get(object));
        if (late.length === 0) return;
        const steps = late.map(({ step, dueMs }) => ({ step: step.id, latest: toIso(dueMs) }));
        const data = { plan: config.plan, step: late[0]?.step.id ?? '', overdue: steps };
        out(eventAbout('quaywatch.control.overdue', object, toIso(atMs), ctx.node, data));
      },
    });
  },
});
