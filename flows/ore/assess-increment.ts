import type { FindingMessage } from '../inference.ts';
import { answerOf, assessedOf, type OreStageName } from './assessment.ts';
import type { IncrementClosed } from './belt-place.ts';
import { joinSums, sumsOf } from './lot-fold.ts';
import { type Alarm, addJudge, countCalibration, type LotRecord, once } from './lot-record.ts';
import type { OreFinding, OreValue } from './model.ts';
import type { Policy } from './policy.ts';
import { freshTest, type WindowTest } from './scan-test.ts';

export interface AssessSettings {
  readonly policy: Policy;
  readonly stages: readonly OreStageName[];
  readonly covering: readonly OreStageName[];
  readonly testing: readonly OreStageName[];
  readonly test: WindowTest;
  readonly inclusionScore: number;
}

interface StageView {
  /** Share of the increment that it judged, and its least p-value. */
  readonly covered: number;
  readonly p: number | null;
  readonly findings: readonly {
    readonly label: string;
    readonly score: number;
    readonly sentence?: string;
  }[];
}

export interface IncrementView {
  readonly outcome: 'clear' | 'suspect' | 'none';
  readonly coverage: number;
  readonly reasons: readonly string[];
  /** `by`: bundle and version of the laboratory's calibration that says so. */
  readonly values: Readonly<
    Record<string, Pick<OreValue, 'value' | 'sigma' | 'bias'> & { readonly by?: string }>
  >;
  readonly stages: Readonly<Record<string, StageView>>;
  readonly alarms: readonly Alarm[];
}

/** Below this coverage an increment is not judged. */
const leastCoverage = 0.5;

/** Mass of a window of an increment, kg: the last of a lot may be less. */
function windowKg({ windows, windowT, massKg }: IncrementClosed, window: number): number {
  const full = Math.round(windowT * 1000);
  return window < windows.to - 1 ? full : massKg - full * (windows.to - 1 - windows.from);
}

const stronger = { note: 0, inspect: 1, hold: 2 } as const;
export type Action = keyof typeof stronger;
export const isStronger = (one: Action, other: Action): boolean => stronger[one] > stronger[other];
export const strongest = (actions: readonly Action[]): Action =>
  actions.reduce<Action>((best, one) => (isStronger(one, best) ? one : best), 'note');

/** What a finding of a stage that goes by rules asks for; undefined where it counts for nothing by itself. */
function actionOf(
  stage: OreStageName,
  finding: OreFinding,
  { policy, inclusionScore }: AssessSettings,
): Action | undefined {
  const { limit, action } = finding.evidence as { limit?: { action: Action }; action?: Action };
  if (stage === 'elements') return limit?.action;
  if (stage === 'ignition') return policy.ignition.action;
  if (stage === 'radiation') return action ?? 'inspect';
  return stage === 'inclusion' && finding.score >= inclusionScore ? policy.inclusionAction : undefined;
}

/** Alarms of one increment's windows and findings; the record's tests go on by it. */
function alarmsOf(
  record: LotRecord,
  closed: IncrementClosed,
  answers: ReadonlyMap<OreStageName, FindingMessage>,
  settings: AssessSettings,
): Alarm[] {
  const { increment, windowT, fromT, massKg } = closed;
  const found: Alarm[] = [];
  for (const [stage, finding] of answers) {
    const { windows, findings } = answerOf(finding);
    const best = findings.reduce<OreFinding | undefined>(
      (a, b) => (a && a.score >= b.score ? a : b),
      undefined,
    );
    if (settings.testing.includes(stage)) {
      const state = record.tests[stage] ?? freshTest();
      record.tests[stage] = state;
      for (const { window, p } of [...windows].sort((a, b) => a.window - b.window)) {
        const alarm = settings.test.step(state, window, p);
        if (alarm === undefined) continue;
        const [from, to] = [alarm.from * windowT, (alarm.to + 1) * windowT];
        Object.assign(state, freshTest());
        const label = stage === 'brand' ? 'not the declared brand' : (best?.label ?? 'unlike clean ore');
        found.push({
          stage,
          test: alarm.test,
          label,
          action: settings.policy.wasteAction,
          increment,
          fromT: from,
          toT: to,
          score: best?.score ?? 1,
          reason: `${stage}: windows of ${from} to ${to} t are unlike clean ore of the brand (${label}).`,
        });
      }
    }
    for (const one of findings) {
      const action = actionOf(stage, one, settings);
      if (action === undefined || action === 'note') continue;
      const at = one.window === undefined ? fromT : one.window * windowT;
      const { sentence } = one.evidence as { sentence?: string };
      found.push({
        stage,
        test: 'rule',
        label: one.label,
        action,
        increment,
        fromT: at,
        toT: one.window === undefined ? fromT + massKg / 1000 : at + windowT,
        score: one.score,
        reason: sentence ?? `${stage}: ${one.label}, score ${one.score.toFixed(2)}.`,
      });
    }
  }
  return found;
}

/** Takes an increment into the record of its lot, in order; what is said of it. `answers` are the stages' conclusions. */
export function assessIncrement(
  record: LotRecord,
  closed: IncrementClosed,
  answers: ReadonlyMap<OreStageName, FindingMessage>,
  settings: AssessSettings,
): IncrementView {
  const { increment, massKg, windows } = closed;
  const numbers = Array.from({ length: windows.to - windows.from }, (_, i) => windows.from + i);
  const judged = new Map(
    settings.stages.map((stage) => {
      const finding = answers.get(stage);
      return [stage, new Set(finding ? answerOf(finding).windows.map(({ window }) => window) : [])] as const;
    }),
  );
  const massOf = (list: readonly number[]) => list.reduce((sum, window) => sum + windowKg(closed, window), 0);
  const covered = numbers.filter((window) =>
    settings.covering.every((stage) => judged.get(stage)?.has(window)),
  );
  const reasons: string[] = [];
  const stages: Record<string, StageView> = {};
  for (const stage of settings.stages) {
    const finding = answers.get(stage);
    const mass = massOf(numbers.filter((window) => judged.get(stage)?.has(window)));
    record.byStage[stage] = (record.byStage[stage] ?? 0) + mass;
    const said = finding === undefined ? [`${stage} said nothing in its time.`] : answerOf(finding).reasons;
    for (const sentence of said) {
      once(reasons, sentence);
      once(record.missing, sentence);
    }
    if (finding === undefined) continue;
    const { signed, simulated } = assessedOf(finding) ?? { signed: false, simulated: true };
    const { model: id, modelVersion: version } = finding;
    addJudge(record, { id, version, signed, simulated });
    const answer = answerOf(finding);
    stages[stage] = {
      covered: massKg > 0 ? mass / massKg : 1,
      ...(answer.facts === undefined ? {} : { facts: answer.facts }),
      p: answer.windows.length === 0 ? null : Math.min(...answer.windows.map(({ p }) => p)),
      findings: answer.findings.slice(0, 20).map(({ label, score, evidence }) => ({
        label,
        score,
        ...(typeof evidence.sentence === 'string' ? { sentence: evidence.sentence } : {}),
      })),
    };
  }
  const brand = answers.get('brand');
  const values = brand === undefined ? [] : answerOf(brand).values;
  for (const { name, value, sigma, bias, by } of values) {
    if (![value, sigma, bias].every(Number.isFinite) || massKg === 0) continue;
    const sums = sumsOf({ increment, massKg, value, sigma, bias });
    const known = record.values[name];
    record.values[name] = known === undefined ? sums : joinSums(known, sums);
    if (by) countCalibration(record, name, by);
  }
  const alarms = alarmsOf(record, closed, answers, settings);
  for (const { reason } of alarms) once(reasons, reason);
  const coveredKg = massOf(covered);
  const coverage = massKg > 0 ? coveredKg / massKg : 1;
  const outcome = alarms.length > 0 ? 'suspect' : coverage < leastCoverage ? 'none' : 'clear';
  for (const window of numbers) {
    record.unseenKg = covered.includes(window) ? 0 : (record.unseenKg ?? 0) + windowKg(closed, window);
    record.longestUnseenKg = Math.max(record.longestUnseenKg ?? 0, record.unseenKg);
  }
  record.massKg += massKg;
  record.coveredKg += coveredKg;
  record.outcomes[outcome] += 1;
  record.next = increment + 1;
  record.from ??= closed.from;
  record.to = closed.to;
  record.alarmCount += alarms.length;
  return {
    outcome,
    coverage,
    reasons,
    values: Object.fromEntries(
      values.map(({ name, value, sigma, bias, by }) => [
        name,
        { value, sigma, bias, ...(by && { by: `${by.id} ${by.version}` }) },
      ]),
    ),
    stages,
    alarms,
  };
}
