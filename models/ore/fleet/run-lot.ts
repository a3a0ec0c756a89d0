import { type AssessSettings, assessIncrement } from '#flows/ore/assess-increment';
import { assessment, type OreStageName } from '#flows/ore/assessment';
import type { IncrementClosed } from '#flows/ore/belt-place';
import { concludeLot, type LotConclusion } from '#flows/ore/conclude-lot';
import { elementFindings, ignitionFindings } from '#flows/ore/limits';
import { freshRecord, type LotRecord } from '#flows/ore/lot-record';
import type { OreAnswer, OreFinding } from '#flows/ore/model';
import { LotRun } from '../../physics/ore/berth.ts';
import { drawWaste, type OreTruth } from '../../physics/ore/cargo.ts';
import type { Brand } from '../../physics/ore/materials.ts';
import { Random } from '../../physics/xray/random.ts';
import { type Baseline, freshBaseline } from '../baseline.ts';
import type { OreJudge, WindowFeatures } from '../judge.ts';
import type { Offsets } from '../regression.ts';
import type { OtherSensors } from './other-sensors.ts';
import { badFromT, incrementWindows, type LotPlan, lotT, wasteIn, windowSeconds, windowT } from './plan.ts';
import type { ReadBerth } from './read-berth.ts';

export interface LotOutcome {
  readonly plan: LotPlan;
  readonly conclusion: LotConclusion;
  readonly record: LotRecord;
  /** Mean iron of the lot as it was, percent. */
  readonly iron: number;
  /** Tonnes from where the lot is bad to where the first alarm behind it was given. */
  readonly alarmAfterT: number | undefined;
  /** Iron as said and as it was, with the half width of its 95 % interval, of each increment. */
  readonly increments: readonly { readonly said: number; readonly was: number; readonly half: number }[];
}

const day = '2026-11-26';
const by = { id: 'iron-ore', version: '0', signed: false, simulated: true };

/** What the spectrometers saw of a lot, window by window, and what it was. */
function seenBy(plan: LotPlan, at: ReadBerth, brand: Brand, heap: OreTruth | undefined) {
  const run = new LotRun(at.berth, brand, plan.seed, plan.wetPct);
  return Array.from({ length: lotT / windowT }, (_, window) => {
    const found = run.window(windowT, windowSeconds, wasteIn(plan, window, heap));
    const blind = plan.blind && window >= plan.blind.from && window < plan.blind.to;
    const features = blind ? undefined : at.features(found);
    const seen: WindowFeatures[] = features ? [{ window, features, seconds: windowSeconds }] : [];
    return { seen, ore: found.ore, iron: found.truth.massPct.Fe ?? 0 };
  });
}

/** One lot from its first tonne to its verdict, by the stages' own code; with `others`, by all of them. */
export function runLot(
  plan: LotPlan,
  at: ReadBerth,
  judge: OreJudge,
  settings: AssessSettings,
  offsets: Offsets,
  others?: OtherSensors,
): LotOutcome {
  const { brands, wastes, unseen } = at.berth.world.materials;
  const [brand, named] = [brands[plan.brand], brands[plan.declared]];
  if (!brand || !named) throw new RangeError(`There is no brand ${plan.brand}, or ${plan.declared}.`);
  const material = plan.slug && (plan.kind === 'unseen waste' ? unseen : wastes)[plan.slug.waste];
  const heap = material && { material, truth: drawWaste(material, new Random(plan.seed, 14)) };
  const declared = { lot: `${plan.seed}`, shipper: 'fleet', brand: named.name, mine: 'fleet', port: 'fleet' };
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
  const windows = seenBy(plan, at, brand, heap?.truth);
  const watch = others?.watch(
    plan,
    windows.map(({ ore }) => ore),
    heap,
  );
  const badT = badFromT(plan);
  let baseline: Baseline = freshBaseline;
  let alarmAfterT: number | undefined;
  const increments: { said: number; was: number; half: number }[] = [];
  for (let from = 0; from < windows.length; from += incrementWindows) {
    const to = Math.min(windows.length, from + incrementWindows);
    const here = windows.slice(from, to);
    const seen = here.flatMap((window) => window.seen);
    const slag = judge.slag(named.name, seen, baseline);
    baseline = slag.memory;
    const brandAnswer = judge.brand(named.name, seen, { windowT, offsets });
    const { values } = brandAnswer;
    const fe = values.find(({ name }) => name === 'Fe');
    const was = here.reduce((sum, { iron }) => sum + iron / here.length, 0);
    if (fe) increments.push({ said: fe.value, was, half: 1.96 * Math.hypot(fe.sigma, fe.bias) });
    const closed = closedOf(from / incrementWindows, from, to, declared);
    const answers: [OreStageName, OreAnswer][] = [
      ['brand', brandAnswer],
      ['slag', slag.answer],
    ];
    if (watch) {
      const ruled = (findings: readonly OreFinding[]) => ({ ...brandAnswer, values: [], findings });
      answers.push(
        ['elements', ruled(elementFindings(settings.policy, values, day))],
        ['ignition', ruled(ignitionFindings(settings.policy, values))],
        ['impurity', judge.classify(named.name, seen)],
        ...watch(closed).map(([stage, answer]): [OreStageName, OreAnswer] => [stage, answer]),
      );
    }
    const said = answers.map(
      ([stage, answer]) => [stage, assessment(stage, by, closed, answer, false)] as const,
    );
    const view = assessIncrement(record, closed, new Map(said), settings);
    for (const alarm of view.alarms) {
      record.alarms.push(alarm);
      if (badT !== undefined && alarmAfterT === undefined && to * windowT > badT)
        alarmAfterT = to * windowT - badT;
    }
  }
  const conclusion = concludeLot(record, settings.policy, day, true);
  const iron = windows.reduce((sum, window) => sum + window.iron / windows.length, 0);
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
