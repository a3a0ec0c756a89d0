import { type Action, strongest } from './assess-increment.ts';
import { excesses, tooLowIgnition } from './limits.ts';
import { type LotValue, lotValue } from './lot-interval.ts';
import type { LotRecord } from './lot-record.ts';
import { type Policy, policyRecord } from './policy.ts';

/** Increments whose value is of a laboratory's calibration, by its bundle and version. */
interface Calibrated {
  readonly by?: Readonly<Record<string, number>>;
}

export interface LotConclusion {
  readonly outcome: 'clear' | 'suspect' | 'none';
  readonly disposition: 'release' | 'inspect' | 'hold';
  readonly coverage: number;
  readonly confidence: number;
  readonly reasons: readonly string[];
  readonly values: Readonly<Record<string, LotValue & Calibrated>>;
  readonly notes: readonly string[];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** What speaks against a verdict, whatever was found. */
function obstacles(
  record: LotRecord,
  { minCoverage, maxUnseenT = Infinity }: Policy,
  ended: boolean,
): string[] {
  const coverage = record.massKg > 0 ? record.coveredKg / record.massKg : 0;
  const unseenT = (record.longestUnseenKg ?? 0) / 1000;
  const gaps = [
    ...(coverage < minCoverage
      ? [`${percent(coverage)} of the mass was judged by all stages; ${percent(minCoverage)} is asked for.`]
      : []),
    ...(unseenT > maxUnseenT
      ? [
          `${unseenT.toFixed(0)} t in one stretch were not judged by all stages; ${maxUnseenT} t are let through so.`,
        ]
      : []),
  ];
  return [
    ...(ended ? [] : ['No end of the lot came.']),
    ...(record.massKg > 0 ? [] : ['Nothing of the lot was weighed.']),
    ...gaps,
    ...(gaps.length > 0 ? record.missing : []),
  ];
}

/** Values that are of a laboratory's calibration in some increments, and of the built-in model where that abstained. */
const otherwise = ({ values, calibrated = {} }: LotRecord): string[] =>
  Object.entries(calibrated).flatMap(([name, by]) => {
    const all = values[name]?.increments ?? 0;
    const own = Object.values(by).reduce((sum, count) => sum + count, 0);
    if (own >= all) return [];
    const who = Object.keys(by).join(', ');
    return [
      `${name} is by ${who} in ${own} of ${all} increments: elsewhere it abstained, and the built-in model says it.`,
    ];
  });

/** What of the mass no verdict rests on, also where that is little enough to be let through. */
function unjudged({ massKg, coveredKg, longestUnseenKg = 0 }: LotRecord): string[] {
  const tonnes = (kg: number) => (kg / 1000).toFixed(kg < 10_000 ? 1 : 0);
  return coveredKg >= massKg
    ? []
    : [
        `${tonnes(massKg - coveredKg)} t were not judged by all stages, at most ${tonnes(longestUnseenKg)} t of them in one stretch.`,
      ];
}

/** Verdict and disposition of a lot, from its record alone. `none` never releases. */
export function concludeLot(record: LotRecord, policy: Policy, day: string, ended: boolean): LotConclusion {
  const coverage = record.massKg > 0 ? record.coveredKg / record.massKg : 0;
  const values = Object.fromEntries(
    Object.entries(record.values).map(([name, sums]) => {
      const by = record.calibrated?.[name];
      return [name, { ...lotValue(sums, record.massKg), ...(by && { by }) }];
    }),
  );
  const found = Object.entries(values).flatMap(([name, { value, random, bias }]) =>
    excesses(policy, day, name, { value, deviation: Math.hypot(random, bias) }),
  );
  const loss = values.LOI;
  const low =
    loss && tooLowIgnition(policy, { value: loss.value, deviation: Math.hypot(loss.random, loss.bias) });
  const against: { action: Action; score: number; reason: string }[] = [
    ...record.alarms.map(({ action, score, reason }) => ({ action, score, reason })),
    ...found.map(({ limit, score, sentence }) => ({ action: limit.action, score, reason: sentence })),
    ...(low ? [{ action: policy.ignition.action, score: low.score, reason: low.sentence }] : []),
  ];
  const serious = against.filter(({ action }) => action !== 'note');
  const notes = [
    ...against.filter(({ action }) => action === 'note').map(({ reason }) => reason),
    ...otherwise(record),
    ...unjudged(record),
  ];
  const missing = obstacles(record, policy, ended);
  const said = { coverage, values, notes };
  if (serious.length > 0)
    return {
      ...said,
      outcome: 'suspect',
      disposition: strongest(serious.map(({ action }) => action)) === 'hold' ? 'hold' : 'inspect',
      confidence: Math.min(1, Math.max(...serious.map(({ score }) => score))),
      reasons: [...new Set([...serious.map(({ reason }) => reason), ...missing])],
    };
  if (missing.length > 0)
    return { ...said, outcome: 'none', disposition: 'inspect', confidence: 0, reasons: missing };
  const { draw } = record;
  return {
    ...said,
    outcome: 'clear',
    disposition: draw.inspect ? 'inspect' : 'release',
    confidence: coverage,
    reasons: draw.inspect
      ? [`Nothing was found; inspected by the ladder: ${draw.reason}.`]
      : [`Nothing was found in ${percent(coverage)} of the mass.`],
  };
}

/** `data` of `quaywatch.lot.verdict`. */
export function verdictData(record: LotRecord, conclusion: LotConclusion, policy: Policy, day: string) {
  const { declared, massKg, draw, models, alarms, alarmCount, outcomes, byStage, faults, from, to } = record;
  return {
    lot: declared.lot,
    ...conclusion,
    massT: massKg / 1000,
    increments: outcomes,
    stages: Object.fromEntries(
      Object.entries(byStage).map(([name, kg]) => [name, massKg > 0 ? kg / massKg : 0]),
    ),
    alarms,
    alarmCount,
    instruments: faults,
    declared,
    draw,
    models,
    policy: policyRecord(policy, day),
    simulationValidated: models.some(({ simulated }) => simulated),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
