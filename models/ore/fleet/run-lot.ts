import type { FindingMessage } from '#flows/inference';
import { type AssessSettings, assessIncrement } from '#flows/ore/assess-increment';
import { assessment, type OreStageName } from '#flows/ore/assessment';
import type { IncrementClosed } from '#flows/ore/belt-place';
import { concludeLot, type LotConclusion } from '#flows/ore/conclude-lot';
import { freshRecord, type LotRecord } from '#flows/ore/lot-record';
import type { OreAnswer } from '#flows/ore/model';
import { LotRun } from '../../physics/ore/berth.ts';
import { drawWaste } from '../../physics/ore/cargo.ts';
import { Random } from '../../physics/xray/random.ts';
import { type Baseline, freshBaseline } from '../baseline.ts';
import type { OreJudge, WindowFeatures } from '../judge.ts';
import type { Offsets } from '../regression.ts';
import { incrementWindows, type LotPlan, lotT, wasteIn, windowSeconds, windowT } from './plan.ts';
import type { ReadBerth } from './read-berth.ts';

export interface LotOutcome {
  readonly plan: LotPlan;
  readonly conclusion: LotConclusion;
  readonly record: LotRecord;
  /** Mean iron of the lot as it was, percent. */
  readonly iron: number;
  /** Tonnes from where the waste begins to where the first alarm behind it was given. */
  readonly alarmAfterT: number | undefined;
  /** Iron as said and as it was, with the half width of its 95 % interval, of each increment. */
  readonly increments: readonly { readonly said: number; readonly was: number; readonly half: number }[];
}

const day = '2026-11-26';
const by = { id: 'iron-ore', version: '0', signed: false, simulated: true };

/** One lot from its first tonne to its verdict, by the stages' own code. */
export function runLot(
  plan: LotPlan,
  at: ReadBerth,
  judge: OreJudge,
  settings: AssessSettings,
  offsets: Offsets,
): LotOutcome {
  const { materials } = at.berth.world;
  const brand = materials.brands[plan.brand];
  if (!brand) throw new RangeError(`There is no brand ${plan.brand}.`);
  const run = new LotRun(at.berth, brand, plan.seed, plan.wetPct);
  const waste = plan.slug && materials.wastes[plan.slug.waste];
  const heap = waste && drawWaste(waste, new Random(plan.seed, 14));
  const declared = { lot: `${plan.seed}`, shipper: 'fleet', brand: brand.name, mine: 'fleet', port: 'fleet' };
  const draw = {
    ladder: 'fleet',
    rung: 0,
    share: 0,
    floor: 0,
    drawn: 1,
    inspect: false,
    reason: 'none is drawn',
  };
  const record = freshRecord(declared, draw);
  const windows = lotT / windowT;
  let baseline: Baseline = freshBaseline;
  let [iron, alarmAfterT]: [number, number | undefined] = [0, undefined];
  const increments: { said: number; was: number; half: number }[] = [];
  for (let from = 0; from < windows; from += incrementWindows) {
    const to = Math.min(windows, from + incrementWindows);
    const seen: WindowFeatures[] = [];
    let was = 0;
    for (let window = from; window < to; window++) {
      const found = run.window(windowT, windowSeconds, wasteIn(plan, window, heap));
      was += (found.truth.massPct.Fe ?? 0) / (to - from);
      const blind = plan.blind && window >= plan.blind.from && window < plan.blind.to;
      const features = blind ? undefined : at.features(found);
      if (features) seen.push({ window, features, seconds: windowSeconds });
    }
    iron += (was * (to - from)) / windows;
    const slag = judge.slag(brand.name, seen, baseline);
    baseline = slag.memory;
    const brandAnswer = judge.brand(brand.name, seen, { windowT, offsets });
    const fe = brandAnswer.values.find(({ name }) => name === 'Fe');
    if (fe) increments.push({ said: fe.value, was, half: 1.96 * Math.hypot(fe.sigma, fe.bias) });
    const closed = closedOf(from / incrementWindows, from, to, declared);
    const said = (stage: OreStageName, answer: OreAnswer): [OreStageName, FindingMessage] => [
      stage,
      assessment(stage, by, closed, answer, false),
    ];
    const view = assessIncrement(
      record,
      closed,
      new Map([said('brand', brandAnswer), said('slag', slag.answer)]),
      settings,
    );
    for (const alarm of view.alarms) {
      record.alarms.push(alarm);
      if (plan.slug && alarmAfterT === undefined && to * windowT > plan.slug.fromT)
        alarmAfterT = to * windowT - plan.slug.fromT;
    }
  }
  const conclusion = concludeLot(record, settings.policy, day, true);
  return { plan, conclusion, record, iron, alarmAfterT, increments };
}

function closedOf(
  increment: number,
  from: number,
  to: number,
  declared: IncrementClosed['declared'],
): IncrementClosed {
  const time = new Date(Date.UTC(2026, 10, 26) + from * windowSeconds * 1000).toISOString();
  return {
    lot: declared.lot,
    increment,
    massKg: Math.round((to - from) * windowT * 1000),
    fromT: from * windowT,
    fromM: from * windowT,
    toM: to * windowT,
    from: time,
    to: time,
    windows: { from, to },
    windowT,
    last: to * windowT >= lotT,
    stoodSeconds: 0,
    declared,
  };
}
