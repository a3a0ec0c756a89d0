import { oreStages } from '#flows/ore/assessment';
import { evaluateWindows } from '#models/ore/fleet/evaluate';
import { fleetFigures } from '#models/ore/fleet/figures';
import { kindFigures } from '#models/ore/fleet/kind-figures';
import { runFleet } from '#models/ore/fleet/run-fleet';
import { openOreJudge } from '#models/ore/open';
import { PictureJudge } from '#models/ore/pictures';
import { openOreWorld } from '#models/physics/ore/berth';
import type { CommandIo } from '../command.ts';
import { shippedPolicy } from './policy.ts';
import { exitOf, tell } from './print.ts';

export interface FleetCall {
  readonly lots: number;
  readonly seed: number;
  /** Lots of each brand whose windows are looked at one by one. */
  readonly windows: number;
  readonly lotFalseAlarm: number;
  /** Share of the lots that are bad. */
  readonly badShare: number;
  /** Pictures of each lot when all stages look; absent: spectra alone. */
  readonly pictures: number | undefined;
  readonly json: boolean;
}

/** Prints figure by figure; 1 when something that was to be reached was not. */
export async function fleet(call: FleetCall, io: CommandIo): Promise<number> {
  const [world, judge] = [openOreWorld(), openOreJudge()];
  io.stderr.write('Simulated ore alone: brands, wastes and instruments are those of models/physics/ore.\n');
  const windows = await evaluateWindows(world, judge, call.seed, call.windows, io.signal);
  tell(windows, call.json, io);
  const began = performance.now();
  const outcomes = await runFleet(world, judge, {
    lots: call.lots,
    seed: call.seed,
    policy: shippedPolicy(),
    lotFalseAlarm: call.lotFalseAlarm,
    badShare: call.badShare,
    all:
      call.pictures === undefined
        ? undefined
        : { judge: new PictureJudge(judge.tables.pictures), pictures: call.pictures },
    signal: io.signal,
    onLot({ plan, conclusion, alarmAfterT }, at) {
      const wrong = plan.bad === (conclusion.disposition === 'release');
      if (wrong) {
        const length = plan.slug ? `, ${(plan.slug.toT - plan.slug.fromT).toFixed(0)} t` : '';
        const what = `${plan.kind ?? 'clean'}${length}`;
        io.stderr.write(
          `lot ${at}, ${world.materials.brands[plan.brand]?.name}, ${what}: ${conclusion.outcome}, ${conclusion.reasons[0] ?? ''} ${alarmAfterT ?? ''}\n`,
        );
      }
      if ((at + 1) % 50 === 0)
        io.stderr.write(`${at + 1} lots, ${((performance.now() - began) / (at + 1)).toFixed(0)} ms each\n`);
    },
  });
  if (io.signal.aborted)
    io.stderr.write(`Stopped after ${outcomes.length} lots: the figures are of those.\n`);
  const { wastes, brands } = judge.tables;
  const figures = [
    ...fleetFigures(outcomes, { wastes, brands: brands.map(({ name }) => name) }),
    ...(call.pictures === undefined ? [] : kindFigures(outcomes, oreStages)),
  ];
  if (outcomes.length === 0) return exitOf(windows);
  tell(figures, call.json, io);
  return io.signal.aborted ? 1 : exitOf([...windows, ...figures]);
}
