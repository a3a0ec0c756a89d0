import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { Policy } from '#flows/ore/policy';
import { evaluateWindows } from '#models/ore/fleet/evaluate';
import { type Figure, fleetFigures } from '#models/ore/fleet/figures';
import { runFleet } from '#models/ore/fleet/run-fleet';
import { openOreJudge } from '#models/ore/open';
import { openOreWorld } from '#models/physics/ore/berth';
import { libraryFolder } from '../../demo/layout.ts';
import type { CommandIo } from '../command.ts';

export interface FleetCall {
  readonly lots: number;
  readonly seed: number;
  /** Lots of each brand whose windows are looked at one by one. */
  readonly windows: number;
  readonly lotFalseAlarm: number;
  readonly json: boolean;
}

/** The policy that the flow of the berth is shipped with. */
function shippedPolicy(): Policy {
  const document: unknown = JSON.parse(readFileSync(join(libraryFolder, 'iron-ore-import.json'), 'utf8'));
  return Value.Parse(Policy, document);
}

function line({ name, value, unit, low, high, count, target, reached, note }: Figure): string {
  const number = (of: number) =>
    unit === '1' ? `${(100 * of).toFixed(2)} %` : `${of.toPrecision(3)} ${unit}`;
  const between = low === undefined || high === undefined ? '' : ` (${number(low)} to ${number(high)})`;
  const judged = target === undefined ? '' : `; to reach ${target}: ${reached ? 'reached' : 'NOT reached'}`;
  return `${name}: ${number(value)}${between} of ${count}${judged}${note === undefined ? '' : `; ${note}`}`;
}

/** Prints figure by figure; 1 when something that was to be reached was not. */
export async function fleet(call: FleetCall, io: CommandIo): Promise<number> {
  const [world, judge] = [openOreWorld(), openOreJudge()];
  const tell = (figures: readonly Figure[]) => {
    for (const figure of figures) io.stdout.write(`${call.json ? JSON.stringify(figure) : line(figure)}\n`);
  };
  io.stderr.write('Simulated ore alone: brands, wastes and instruments are those of models/physics/ore.\n');
  const windows = evaluateWindows(world, judge, call.seed, call.windows, io.signal);
  tell(windows);
  const began = performance.now();
  const outcomes = runFleet(world, judge, {
    lots: call.lots,
    seed: call.seed,
    policy: shippedPolicy(),
    lotFalseAlarm: call.lotFalseAlarm,
    signal: io.signal,
    onLot({ plan, conclusion, alarmAfterT }, at) {
      const wrong = plan.bad === (conclusion.disposition === 'release');
      if (wrong) {
        const waste = plan.slug
          ? `${world.materials.wastes[plan.slug.waste]?.name}, ${(plan.slug.toT - plan.slug.fromT).toFixed(0)} t`
          : 'clean';
        io.stderr.write(
          `lot ${at}, ${world.materials.brands[plan.brand]?.name}, ${waste}: ${conclusion.outcome}, ${conclusion.reasons[0] ?? ''} ${alarmAfterT ?? ''}\n`,
        );
      }
      if ((at + 1) % 50 === 0)
        io.stderr.write(`${at + 1} lots, ${((performance.now() - began) / (at + 1)).toFixed(0)} ms each\n`);
    },
  });
  if (io.signal.aborted) return 1;
  const figures = fleetFigures(outcomes, judge.tables.wastes);
  if (outcomes.length > 0) tell(figures);
  return [...windows, ...(outcomes.length > 0 ? figures : [])].some(({ reached }) => reached === false)
    ? 1
    : 0;
}
