import { setImmediate as turn } from 'node:timers/promises';
import type { AssessSettings } from '#flows/ore/assess-increment';
import { oreStages } from '#flows/ore/assessment';
import type { Policy } from '#flows/ore/policy';
import { usualRules, WindowTest } from '#flows/ore/scan-test';
import type { OreWorld } from '../../physics/ore/berth.ts';
import { Random } from '../../physics/xray/random.ts';
import type { OreJudge } from '../judge.ts';
import type { PictureJudge } from '../pictures.ts';
import type { Offsets } from '../regression.ts';
import { OtherSensors } from './other-sensors.ts';
import { badKinds, lotT, planLot, planOther, windowT } from './plan.ts';
import { ReadBerth } from './read-berth.ts';
import { referenced } from './reference.ts';
import { type LotOutcome, runLot } from './run-lot.ts';

/** Berths of a fleet: none of those that anything was trained or calibrated on. Lots of one berth share what it errs: of few berths the share of intervals that hold says little. */
const berthCount = 40;
const spectral = ['brand', 'slag'] as const;

export interface FleetOptions {
  readonly lots: number;
  readonly seed: number;
  readonly policy: Policy;
  readonly lotFalseAlarm: number;
  /** Share of the lots that are bad, 0..1. */
  readonly badShare: number;
  /** All stages of a lot instead of those of spectra, by so many pictures of each; and lots that are bad in every way. */
  readonly all?: { readonly judge: PictureJudge; readonly pictures: number } | undefined;
  readonly signal: AbortSignal;
  onLot(outcome: LotOutcome, at: number): void;
}

/** As the lot stage has them when nothing else is said; by default of the eight stages those that look at spectra. Some pictures of a lot cover no mass. */
function settingsOf({ policy, lotFalseAlarm, all }: FleetOptions): AssessSettings {
  const testing = all ? (['anomaly', 'brand', 'inclusion', 'slag'] as const) : spectral;
  const test = new WindowTest({
    rules: usualRules,
    windows: lotT / windowT,
    falseAlarm: lotFalseAlarm / testing.length,
    detection: 0.3,
  });
  const covering = all ? ([...spectral, 'elements', 'ignition', 'radiation'] as const) : spectral;
  return { policy, stages: all ? oreStages : spectral, covering, testing, test, inclusionScore: 0.5 };
}

/** Lots of 5,000 t, bad ones evenly among the clean, one after the other; when stopped, those until then. */
export async function runFleet(
  world: OreWorld,
  judge: OreJudge,
  options: FleetOptions,
): Promise<LotOutcome[]> {
  const { lots, seed, signal, badShare, all } = options;
  if (lots === 0) return [];
  const settings = settingsOf(options);
  // A berth is made, and set by its samples, when its first lot comes.
  const berths = new Map<number, { readonly at: ReadBerth; readonly offsets: Offsets }>();
  const berthOf = (place: number) => {
    const known = berths.get(place);
    if (known) return known;
    const berth = new ReadBerth(world, seed * 1000 + 500 + place);
    const made = { at: berth, offsets: referenced(berth, judge, seed * 1000 + 900 + place) };
    berths.set(place, made);
    return made;
  };
  const { brands, wastes, unseen } = world.materials;
  const others = all && new OtherSensors(world, all.judge, options.policy, all.pictures);
  const random = new Random(seed, 15);
  const outcomes: LotOutcome[] = [];
  for (let at = 0; at < lots && !signal.aborted; at++) {
    const before = Math.floor(at * badShare);
    const bad = Math.floor((at + 1) * badShare) > before;
    const kind = bad ? (all ? badKinds[before % badKinds.length] : 'waste') : undefined;
    // Each kind's own number: every waste and every body comes in its turn.
    const turnOf = all && bad ? Math.floor(before / badKinds.length) : bad ? before : at - before;
    const drawn = planLot(
      turnOf,
      kind === 'waste',
      brands.length,
      berthCount,
      wastes.length,
      seed * 1e6 + at,
      random,
    );
    const plan =
      kind === undefined || kind === 'waste'
        ? drawn
        : planOther(drawn, kind, turnOf, { brands: brands.length, unseen: unseen.length }, random);
    const { at: berth, offsets } = berthOf(plan.berth);
    const outcome = runLot(plan, berth, judge, settings, offsets, others);
    outcomes.push(outcome);
    options.onLot(outcome, at);
    await turn();
  }
  return outcomes;
}
