import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SimulatedScan } from '#models/physics/xray/simulate';
import { type LoadedBundle, loadBundle, manifestFile } from '../../../bundle/load.ts';
import type { Metric } from '../../../bundle/schema.ts';
import type { Runner } from '../../../runner/runner.ts';
import type { EvaluateOptions, ModelTask, RunModel } from '../../task.ts';
import { Baseline } from './baseline.ts';
import { writeCard } from './card.ts';
import { type Frozen, readFrozen, writeFrozen } from './frozen.ts';
import { judge } from './judge.ts';
import { Kept } from './kept.ts';
import { metricsOfAll } from './metrics.ts';
import { type Row, rowOf } from './row.ts';
import { HeldOutScans } from './scans.ts';
import { type Group, heldOutSets } from './sets.ts';

/** How bundle.yaml is written. */
export const yamlStyle = { lineWidth: 110 };

/** The model that sees the high energy alone: a bundle within the bundle, for comparison. */
interface Single {
  readonly bundle: LoadedBundle;
  readonly runner: Runner;
}

async function openSingle(folder: string): Promise<Single | undefined> {
  const at = join(folder, 'ablation');
  if (!existsSync(join(at, manifestFile))) return undefined;
  const { openRunner } = await import('../../../models.ts');
  const bundle = await loadBundle(at);
  const { runner } = await openRunner(bundle, { runner: { default: { deadlineMs: 600_000 } } });
  return { bundle, runner };
}

/** A group's identity: the hashes of its scans, hashed. */
const hashOf = (rows: readonly Row[]): string =>
  createHash('sha256')
    .update(rows.map(({ sha256 }) => sha256).join('\n'))
    .digest('hex');

/** Scans a group has in this run. */
const countOf = (group: Group, quick: boolean): number => (quick ? group.quick : group.count);

interface Run {
  readonly task: ModelTask;
  readonly bundle: LoadedBundle;
  readonly run: RunModel;
  readonly single: Single | undefined;
  readonly options: EvaluateOptions;
}

/** Sets that the single-energy model is compared on. */
const comparedSets = ['G', 'S'];

interface Tools {
  readonly scans: HeldOutScans;
  readonly baseline: Baseline;
  readonly rows: Kept<Row>;
  readonly singles: Kept<number> | undefined;
}

/** Simulates and judges every scan of a group. */
async function judgeGroup(
  { task, bundle, run, single, options }: Run,
  set: string,
  group: Group,
  tools: Tools,
) {
  const rows: Row[] = [];
  for (let i = 0; i < countOf(group, options.quick === true) && !options.signal.aborted; i++) {
    const seed = group.seed + i;
    const key = `${set}/${group.id}/${seed}`;
    let made: SimulatedScan | undefined;
    const scan = () => {
      made ??= tools.scans.make(group, seed);
      return made;
    };
    // What a fault does to a scan is to be seen: a box that is told of it does not even look.
    const row = await tools.rows.of(key, async () =>
      rowOf(set, group, seed, scan(), await judge(task, bundle, run, scan(), 'good'), tools.baseline),
    );
    const alone = comparedSets.includes(set) && single;
    if (!alone) rows.push(row);
    else {
      const find = async () => (await judge(task, alone.bundle, alone.runner.run, scan(), 'good')).logOdds;
      rows.push({ ...row, single: (await tools.singles?.of(key, find)) ?? (await find()) });
    }
  }
  return rows;
}

/** Groups whose scans are not those that were frozen. */
function changed(
  frozen: Frozen,
  mode: 'full' | 'quick',
  set: string,
  group: Group,
  rows: readonly Row[],
): boolean {
  const known = frozen[`${set}/${group.id}`]?.[mode];
  return known !== undefined && known !== hashOf(rows);
}

/**
 * Simulates the held-out sets, judges them with the bundle, its single-energy twin and the baselines, and reports
 * metrics. With `write`, the card, its pictures, the hashes of the sets and (but for a quick run) the metrics are written
 * into the bundle's folder. Resolves with whether all sets are the frozen ones and no metric lies below the interval of bundle.yaml.
 */
export async function evaluate(
  task: ModelTask,
  bundle: LoadedBundle,
  run: RunModel,
  options: EvaluateOptions,
): Promise<boolean> {
  const single = await openSingle(bundle.folder);
  const tools: Tools = {
    scans: new HeldOutScans(options.data),
    baseline: new Baseline(),
    rows: new Kept(options.data, bundle.manifest),
    singles: single && new Kept(options.data, single.bundle.manifest),
  };
  const frozen = await readFrozen(bundle.folder);
  const mode = options.quick ? 'quick' : 'full';
  const groups = heldOutSets.flatMap(({ id, groups: own }) => own.map((group) => ({ set: id, group })));
  const total = groups.reduce((sum, { group }) => sum + countOf(group, options.quick === true), 0);
  const rows: Row[] = [];
  const strange: string[] = [];
  const began = performance.now();
  for (const { set, group } of groups) {
    if (countOf(group, options.quick === true) === 0) continue;
    const own = await judgeGroup({ task, bundle, run, single, options }, set, group, tools);
    if (options.signal.aborted) break;
    if (changed(frozen, mode, set, group, own)) strange.push(`${set}/${group.id}`);
    frozen[`${set}/${group.id}`] = { ...frozen[`${set}/${group.id}`], [mode]: hashOf(own) };
    rows.push(...own);
    const minutes = ((performance.now() - began) / 60_000 / rows.length) * (total - rows.length);
    options.log(`${set}/${group.id}: ${rows.length} of ${total} scans, ${minutes.toFixed(1)} min to go`);
  }
  await single?.runner.close();
  if (options.signal.aborted) return false;
  const metrics = metricsOfAll(rows);
  for (const metric of metrics) options.report({ ...metric, validation: 'simulated' });
  if (strange.length > 0)
    options.log(`These sets are not the frozen ones, the simulation has changed: ${strange.join(', ')}.`);
  if (options.write) {
    await writeFrozen(bundle.folder, frozen);
    if (!options.quick) await writeMetrics(bundle, metrics);
    await writeCard(bundle, rows, metrics, tools.scans, (scan) => judge(task, bundle, run, scan, 'good'));
  }
  return strange.length === 0 && asGoodAsSaid(bundle, metrics);
}

/** Puts the figures into bundle.yaml: with them it is another content, to be signed anew. */
const writeMetrics = ({ folder, manifest }: LoadedBundle, metrics: readonly Metric[]): Promise<void> =>
  writeFile(join(folder, manifestFile), stringify({ ...manifest, metrics: metrics.map(rounded) }, yamlStyle));

const rounded = (metric: Metric): Metric => {
  const round = (value: number) => Number(value.toFixed(5));
  return { ...metric, value: round(metric.value), low: round(metric.low), high: round(metric.high) };
};

/** Shares have intervals that hold for few scans too; areas under curves, overlaps and calibration have not. */
const isShare = ({ name }: Metric): boolean => /^(false alarms|abstained|detection|place)/.test(name);

/** No share of which more is better ends below where its interval in bundle.yaml begins, and none of the others above. */
function asGoodAsSaid({ manifest }: LoadedBundle, metrics: readonly Metric[]): boolean {
  return metrics.filter(isShare).every(({ name, set, low, high }) => {
    const said = manifest.metrics.find((other) => other.name === name && other.set === set);
    if (!said) return true;
    return /^(false alarms|abstained)/.test(name) ? low <= said.high : high >= said.low;
  });
}
