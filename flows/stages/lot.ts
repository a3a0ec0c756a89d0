import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import type { FindingMessage } from '../inference.ts';
import type { Message, MessageOf } from '../message.ts';
import { type AssessSettings, assessIncrement, isStronger } from '../ore/assess-increment.ts';
import { assessedOf, type OreStageName } from '../ore/assessment.ts';
import { Declared, type IncrementClosed } from '../ore/belt-place.ts';
import { concludeLot, verdictData } from '../ore/conclude-lot.ts';
import { climb, drawFor, ladderOf, newcomer, Standing } from '../ore/ladder.ts';
import { type Alarm, freshRecord, LotRecord, once } from '../ore/lot-record.ts';
import { policyRecord } from '../ore/policy.ts';
import { WindowTest } from '../ore/scan-test.ts';
import { type Out, process } from '../process.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { refusal } from './faults.ts';
import { eventAbout } from './fixes.ts';
import { checkLot, LotConfig } from './lot-config.ts';
import { closedBy } from './ore-stage.ts';
import { policyOf } from './policy-field.ts';
import { timeText, toIso } from './time.ts';

const Waiting = Type.Object({
  closed: Type.Optional(Type.Unknown({ description: 'The increment, when it has closed.' })),
  answers: Type.Record(Type.String(), Type.Unknown(), { description: 'Conclusions by stage.' }),
  due: Type.Optional(Type.Boolean({ description: 'Its time is up.' })),
});
interface Waiting extends Omit<Static<typeof Waiting>, 'closed' | 'answers'> {
  closed?: IncrementClosed;
  answers: Record<string, FindingMessage>;
}
const Secret = Type.Object({ secret: Type.String({ description: 'What draws are made from.' }) });

const lotKey = (lot: string) => `lot ${lot}`;
const ladderKey = (ladder: string) => `ladder ${ladder}`;
const waitingKey = (lot: string, increment: number) => `increment ${increment} ${lot}`;
const secretKey = 'secret';

/** A concluded lot is remembered for so long, so that a late increment does not begin it again, ms. */
const rememberMs = 30 * 86_400_000;

/**
 * Increments are taken in order, each when all stages have concluded it or its time is up; so the record of a lot is a fold over its
 * increments in whole numbers, the same however the stream was cut.
 */
export const lot = defineStage({
  type: 'lot',
  summary:
    'Concludes of each increment and each lot: verdict, disposition, composition with its interval, and who is inspected next.',
  accepts: ['declaration', 'event', 'finding'],
  emits: ['event'],
  config: LotConfig,
  state: Type.Union([LotRecord, Waiting, Standing, Secret]),
  check: checkLot,
  build(config, ctx) {
    const records = ctx.state as KeyedState<LotRecord>;
    const waiting = ctx.state as KeyedState<Waiting>;
    const standings = ctx.state as KeyedState<Standing>;
    const secrets = ctx.state as KeyedState<Static<typeof Secret>>;
    const policy = policyOf(config.policy, ctx.resources);
    const tests = new Map<number, WindowTest>();

    function testFor(windows: number): WindowTest {
      const { rules, detection, lotFalseAlarm, testing } = config;
      const falseAlarm = lotFalseAlarm / Math.max(1, testing.length);
      const test = tests.get(windows) ?? new WindowTest({ rules, detection, windows, falseAlarm });
      if (tests.size > 100) tests.clear();
      tests.set(windows, test);
      return test;
    }

    const settingsFor = ({ massT }: Declared, windowT: number): AssessSettings => ({
      policy,
      stages: config.stages,
      covering: config.covering,
      testing: config.testing,
      test: testFor(Math.max(1, Math.ceil((massT ?? config.lotT) / windowT))),
      inclusionScore: config.inclusionScore,
    });

    function secret(): string {
      const known = secrets.get(secretKey)?.secret;
      if (known !== undefined) return known;
      const made = Array.from({ length: 4 }, () => Math.floor(ctx.random() * 2 ** 32).toString(16)).join('');
      secrets.set(secretKey, { secret: made });
      return made;
    }

    const standing = (ladder: string): Standing => standings.get(ladderKey(ladder)) ?? newcomer;

    /** The draw comes before anything is seen of the lot, and is told at once. */
    function announce(declared: Declared, time: string, out: Out): LotRecord {
      const known = records.get(lotKey(declared.lot));
      if (known) return known;
      const draw = drawFor(declared, standing(ladderOf(declared)), secret(), config.ladder);
      const record = freshRecord(declared, draw);
      records.set(lotKey(declared.lot), record);
      const data = { declared, draw, policy: policyRecord(policy, time.slice(0, 10)) };
      out(eventAbout('quaywatch.lot.announced', declared.lot, time, ctx.node, data));
      return record;
    }

    function declaration(message: MessageOf<'declaration'>, out: Out): void {
      const given = message.attributes.lot as { state?: unknown; declared?: unknown } | undefined;
      if (given?.state !== 'begin' && given?.state !== 'announced') return;
      const { declared } = given;
      if (!Value.Check(Declared, declared)) {
        const [error] = Value.Errors(Declared, declared);
        throw refusal('lot.declared', { detail: `${error?.instancePath ?? ''} ${error?.message ?? ''}` });
      }
      announce(declared, timeText(message) ?? toIso(ctx.clock.now()), out);
    }

    function tellAlarms(
      record: LotRecord,
      alarms: readonly Alarm[],
      closed: IncrementClosed,
      out: Out,
    ): void {
      for (const alarm of alarms) {
        const before = record.alarmed[alarm.stage];
        record.alarmed[alarm.stage] = alarm.toT;
        // One slug is one alarm, however many windows of it speak.
        const apart = Math.max(...config.rules.map(({ outOf }) => outOf)) * closed.windowT;
        const told = record.alarms.some(
          (one) => one.stage === alarm.stage && !isStronger(alarm.action, one.action),
        );
        if (told && before !== undefined && alarm.fromT - before < apart) continue;
        if (record.alarms.length < 100) record.alarms.push(alarm);
        const { lot: id, to } = closed;
        out(eventAbout('quaywatch.lot.alarm', id, to, ctx.node, { lot: id, ...alarm }));
      }
    }

    function askSampler(record: LotRecord, closed: IncrementClosed, reason: string, out: Out): void {
      const { sampler } = config;
      if (!sampler) return;
      const { node, device, action, everyT } = sampler;
      const { sampledT } = record;
      if (sampledT !== undefined && closed.fromT - sampledT < everyT) return;
      record.sampledT = closed.fromT;
      const data = {
        lot: closed.lot,
        increment: closed.increment,
        node,
        device,
        action,
        parameters: {},
        reason,
      };
      out(eventAbout('quaywatch.sampler.requested', closed.lot, closed.to, ctx.node, data));
    }

    function conclude(record: LotRecord, ended: boolean, out: Out): void {
      const time = record.to ?? toIso(ctx.clock.now());
      const day = time.slice(0, 10);
      const conclusion = concludeLot(record, policy, day, ended);
      const ladder = ladderOf(record.declared);
      const before = standing(ladder);
      const clean = conclusion.outcome === 'clear' && record.faults.length === 0;
      const after = climb(before, clean, config.ladder);
      standings.set(ladderKey(ladder), after);
      const data = { ...verdictData(record, conclusion, policy, day), ladder: { before, after } };
      out(eventAbout('quaywatch.lot.verdict', record.declared.lot, time, ctx.node, data));
      const { declared, draw } = record;
      const kept = { ...freshRecord(declared, draw), next: record.next, done: true };
      records.set(lotKey(declared.lot), kept);
      ctx.timers.set(lotKey(declared.lot), ctx.clock.now() + rememberMs);
    }

    /** Takes increments in order as far as they are ready. */
    function advance(id: string, out: Out): void {
      for (;;) {
        const record = records.get(lotKey(id));
        if (record === undefined || record.done) return;
        const key = waitingKey(id, record.next);
        const one = waiting.get(key);
        if (one?.closed === undefined) return;
        const whole = config.stages.every((stage) => one.answers[stage] !== undefined);
        if (!whole && !one.due) return;
        assess(record, one.closed, one.answers, out);
        waiting.delete(key);
        ctx.timers.clear(key);
      }
    }

    function assess(record: LotRecord, closed: IncrementClosed, found: Waiting['answers'], out: Out): void {
      const answers = new Map(Object.entries(found) as [OreStageName, FindingMessage][]);
      const settings = settingsFor(record.declared, closed.windowT);
      const view = assessIncrement(record, closed, answers, settings);
      const { declared: _, windows: __, ...where } = closed;
      tellAlarms(record, view.alarms, closed, out);
      const data = { ...where, ...view, brand: record.declared.brand, levels: settings.test.levels };
      out(eventAbout('quaywatch.increment.assessed', closed.lot, closed.to, ctx.node, data));
      if (view.outcome === 'suspect')
        askSampler(record, closed, view.alarms[0]?.reason ?? view.reasons[0] ?? 'suspect', out);
      if (closed.last) conclude(record, true, out);
      else {
        records.set(lotKey(closed.lot), record);
        ctx.timers.set(lotKey(closed.lot), ctx.clock.now() + config.silenceSeconds * 1000);
      }
    }

    function closes(closed: IncrementClosed, out: Out): void {
      const record = announce(closed.declared, closed.from, out);
      if (record.done || closed.increment < record.next) return;
      const key = waitingKey(closed.lot, closed.increment);
      waiting.set(key, { ...(waiting.get(key) ?? { answers: {} }), closed });
      ctx.timers.set(key, ctx.clock.now() + config.deadlineSeconds * 1000);
      advance(closed.lot, out);
    }

    function answers(finding: FindingMessage, out: Out): void {
      const assessed = assessedOf(finding);
      if (assessed === undefined || !config.stages.includes(assessed.stage)) return;
      const { lot: id, increment, stage } = assessed;
      const record = records.get(lotKey(id));
      if (record?.done || increment < (record?.next ?? 0))
        throw refusal('increment.late', { lot: id, increment });
      const key = waitingKey(id, increment);
      const one = waiting.get(key) ?? { answers: {} };
      waiting.set(key, { ...one, answers: { ...one.answers, [stage]: finding } });
      advance(id, out);
    }

    /** A drift or an outage of an instrument counts for every lot that is open. */
    function health(message: MessageOf<'event'>): void {
      if (!/\.(drift|out)$/.test(message.type)) return;
      for (const key of ctx.state.keys()) {
        if (!key.startsWith('lot ')) continue;
        const record = records.get(key);
        if (record === undefined || record.done) continue;
        const { device, check } = message.data;
        once(
          record.faults,
          `${device}: ${check} ${message.type === 'quaywatch.instrument.out' ? 'is out' : 'drifts'}`,
        );
        records.set(key, record);
      }
    }

    return process(ctx, {
      message(message: Message, out) {
        if (message.kind === 'declaration') return declaration(message, out);
        if (message.kind === 'finding') return answers(message, out);
        const closed = closedBy(message);
        if (closed) return closes(closed, out);
        if (message.kind === 'event' && message.type.startsWith('quaywatch.instrument.')) health(message);
      },
      timer(key, _atMs, out) {
        if (key.startsWith('increment ')) {
          const one = waiting.get(key);
          if (one?.closed === undefined) return;
          waiting.set(key, { ...one, due: true });
          return advance(one.closed.lot, out);
        }
        const record = records.get(key);
        if (record === undefined || record.done) return ctx.state.delete(key);
        conclude(record, false, out);
      },
    });
  },
});
