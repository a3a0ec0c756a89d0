import type { LoadedBundle } from '#models/bundle/load';
import type { BundleManifest } from '#models/bundle/schema';
import { openRunner } from '#models/models';
import { lowestPeak } from '#models/tasks/empty-container/answer';
import { judge } from '#models/tasks/empty-container/eval/judge';
import type { HeldOutScans } from '#models/tasks/empty-container/eval/scans';
import { validationGroups } from '#models/tasks/empty-container/eval/sets';
import { atFalseAlarms, logistic } from '#models/tasks/empty-container/eval/statistics';

/** False alarms that the deployed threshold allows on the validation scans. */
const allowed = 0.005;

/** Peak and area nearly say the same: without it one of them gets all the weight, by chance. */
const pull = 2;

interface Seen {
  readonly loaded: boolean;
  readonly peak: number;
  readonly cells: number;
}

async function look(bundle: LoadedBundle, scans: HeldOutScans, share: number): Promise<Seen[]> {
  const { runner, task } = await openRunner(bundle, { runner: { default: { deadlineMs: 600_000 } } });
  const seen: Seen[] = [];
  for (const group of validationGroups)
    for (let i = 0; i < Math.ceil(group.count * share); i++) {
      const scan = scans.make(group, group.seed + i);
      const { container } = await judge(task, bundle, runner.run, scan, 'good');
      seen.push({
        loaded: group.kind !== 'empty',
        peak: container?.peak ?? lowestPeak,
        cells: container?.loadCells ?? 0,
      });
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
  share: number,
): Promise<Pick<BundleManifest, 'calibration' | 'thresholds'>> {
  const seen = await look(bundle, scans, share);
  const rows = seen.map(({ peak, cells }) => [peak, Math.log1p(cells)]);
  const [bias = 0, peak = 1, area = 0] = logistic(
    rows,
    seen.map(({ loaded }) => loaded),
    pull,
  ).map(round);
  const probabilityOf = (one: Seen) =>
    1 / (1 + Math.exp(-(bias + peak * one.peak + area * Math.log1p(one.cells))));
  const positive = seen.filter(({ loaded }) => loaded).map(probabilityOf);
  const negative = seen.filter(({ loaded }) => !loaded).map(probabilityOf);
  const { above, detected } = atFalseAlarms(positive, negative, allowed);
  process.stderr.write(`validation: ${detected} detected above ${above}\n`);
  // Between the last empty that is let pass and the first load above it.
  const next = Math.min(1, ...positive.filter((score) => score > above));
  return {
    calibration: {
      method:
        'Platt scaling of the greatest smoothed logit and the logarithm of the cells that look like load',
      data: `${seen.length} simulated scans that were neither trained on nor reported`,
      parameters: { bias, peak, area },
    },
    thresholds: { unified: { loaded: Math.min(0.95, Math.max(0.05, round((above + next) / 2))) } },
  };
}
