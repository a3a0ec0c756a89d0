import type { LoadedBundle } from '#models/bundle/load';
import type { BundleManifest } from '#models/bundle/schema';
import { openRunner } from '#models/models';
import { lowestPeak } from '#models/tasks/empty-container/answer';
import { judge } from '#models/tasks/empty-container/eval/judge';
import type { Kept } from '#models/tasks/empty-container/eval/kept';
import type { HeldOutScans } from '#models/tasks/empty-container/eval/scans';
import { validationGroups } from '#models/tasks/empty-container/eval/sets';
import { atFalseAlarms, logistic, tailThreshold } from '#models/tasks/empty-container/eval/statistics';

/** False alarms that are aimed at, and the share that the tail of the empties is followed to: there is a margin. */
const allowed = 0.005;
const aimed = allowed / 2;

/** Peak and area nearly say the same: without it one of them gets all the weight, by chance. */
const pull = 2;

/** What the model says of one validation scan. */
export interface Seen {
  readonly loaded: boolean;
  readonly peak: number;
  readonly cells: number;
}

async function look(
  bundle: LoadedBundle,
  scans: HeldOutScans,
  kept: Kept<Seen>,
  share: number,
): Promise<Seen[]> {
  const { runner, task } = await openRunner(bundle, { runner: { default: { deadlineMs: 600_000 } } });
  const seen: Seen[] = [];
  for (const group of validationGroups)
    for (let i = 0; i < Math.ceil(group.count * share); i++) {
      const find = async () => {
        const scan = scans.make(group, group.seed + i);
        const { container } = await judge(task, bundle, runner.run, scan, 'good');
        return {
          loaded: group.kind !== 'empty',
          peak: container?.peak ?? lowestPeak,
          cells: container?.loadCells ?? 0,
        };
      };
      seen.push(await kept.of(`validation/${group.id}/${group.seed + i}`, find));
      if (seen.length % 20 === 0) process.stderr.write(`${seen.length} validation scans\n`);
    }
  await runner.close();
  return seen;
}

const round = (value: number) => Number(value.toFixed(4));

/** Platt scaling and the threshold of class `unified`, from a share of the validation scans. */
export async function calibrate(
  bundle: LoadedBundle,
  scans: HeldOutScans,
  kept: Kept<Seen>,
  share: number,
): Promise<Pick<BundleManifest, 'calibration' | 'thresholds'>> {
  const seen = await look(bundle, scans, kept, share);
  const rows = seen.map(({ peak, cells }) => [peak, Math.log1p(cells)]);
  const [bias = 0, peak = 1, area = 0] = logistic(
    rows,
    seen.map(({ loaded }) => loaded),
    pull,
  ).map(round);
  const logOdds = (one: Seen) => bias + peak * one.peak + area * Math.log1p(one.cells);
  const positive = seen.filter(({ loaded }) => loaded).map(logOdds);
  const negative = seen.filter(({ loaded }) => !loaded).map(logOdds);
  const barrier = Math.max(
    tailThreshold(negative, aimed),
    atFalseAlarms(positive, negative, allowed).above + 0.01,
  );
  const over = (scores: readonly number[]) => scores.filter((score) => score > barrier).length;
  process.stderr.write(
    `validation: above ${barrier} are ${over(positive)} of ${positive.length} loaded, ${over(negative)} of ${negative.length} empty\n`,
  );
  return {
    calibration: {
      method:
        'Platt scaling of the greatest smoothed logit and the logarithm of the cells that look like load',
      data: `${seen.length} simulated scans that were neither trained on nor reported`,
      parameters: { bias, peak, area },
    },
    thresholds: { unified: { loaded: round(1 / (1 + Math.exp(-barrier))) } },
  };
}
