import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LoadedBundle, loadBundle } from '#models/bundle/load';
import { newestBundles } from '#models/find';
import { repositoryBundles } from '#models/runner/place';
import type { Bench, Row } from './bench.ts';
import { type BareLoop, bareLoops } from './infer/bare.ts';
import { inputsOf, unetBundle } from './infer/bundle.ts';
import { type Pipeline, pipeline } from './infer/pipeline.ts';
import { median, quantile } from './statistics.ts';

/** Bundle of the repository that is measured, when it is there. */
const preferred = 'empty-container';
/** Rounds are short, so that a neighbour's noise hits both sides alike, and many. */
const roundMs = 300;
const leastSamples = 8;
/** Streams that ask at the same time: scanners of a lane, each with a strip under way. */
const streams = 4;

async function chosenBundle(folder: string): Promise<LoadedBundle> {
  const bundles = await newestBundles(fileURLToPath(repositoryBundles()), () => undefined);
  const found = bundles.find(({ manifest }) => manifest.id === preferred);
  return loadBundle(found?.folder ?? unetBundle(join(folder, 'unet')));
}

interface Sides {
  readonly ours: Pipeline;
  readonly bare: BareLoop;
}

/** Alternates both sides; returns samples a second of each, as medians, and the median of the ratios. */
async function compare({ ours, bare }: Sides, { pairs, workers }: Setting, signal: AbortSignal) {
  const rounds: { ours: number; bare: number }[] = [];
  const probe = await bare.perSecond(leastSamples);
  const samples = workers * Math.max(leastSamples, Math.round((probe / workers) * (roundMs / 1000)));
  for (let pair = -1; pair < pairs; pair++) {
    signal.throwIfAborted();
    const sides = { ours: () => ours.perSecond(samples), bare: () => bare.perSecond(samples) };
    const order = pair % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
    const round = { ours: 0, bare: 0 };
    for (const side of order) round[side] = await sides[side]();
    if (pair >= 0) rounds.push(round); // the first one warms up
  }
  return {
    samples,
    value: median(rounds.map(({ ours }) => ours)),
    reference: median(rounds.map(({ bare }) => bare)),
    ratio: median(rounds.map(({ ours, bare }) => ours / bare)),
  };
}

interface Setting {
  readonly name: string;
  readonly workers: number;
  readonly maxBatch: number;
  readonly pairs: number;
  readonly what: string;
}

const settings: readonly Setting[] = [
  { name: 'infer', workers: 1, maxBatch: 4, pairs: 31, what: 'one thread; the bare loop on one thread' },
  { name: 'info.infer.single', workers: 1, maxBatch: 1, pairs: 7, what: 'one thread, nothing joined' },
  { name: 'info.infer.two', workers: 2, maxBatch: 4, pairs: 7, what: 'two threads; two bare loops' },
];

async function measure(bundle: LoadedBundle, setting: Setting, signal: AbortSignal): Promise<Row[]> {
  const { name, workers, maxBatch, pairs, what } = setting;
  const sides = {
    ours: await pipeline(bundle, { workers, maxBatch, streams: streams * workers }),
    bare: await bareLoops(bundle, inputsOf(bundle), workers),
  };
  try {
    const { samples, ...figures } = await compare(sides, setting, signal);
    const { latencies, batch } = sides.ours.seen();
    const { id, version } = bundle.manifest;
    const detail = { model: `${id} ${version}`, what, pairs, samples, streams: streams * workers, batch };
    const row: Row = { name, unit: 'samples/s', ...figures, detail };
    if (name !== 'infer') return [row];
    const one = 1000 / figures.reference;
    return [
      row,
      { name: 'info.infer.batch', value: batch, unit: 'samples/run' },
      { name: 'info.infer.bare', value: one, unit: 'ms/sample' },
      { name: 'info.infer.latency.p50', value: quantile(latencies, 0.5), unit: 'ms', detail: { streams } },
      { name: 'info.infer.latency.p99', value: quantile(latencies, 0.99), unit: 'ms', detail: { streams } },
    ];
  } finally {
    await sides.ours.close();
    await sides.bare.close();
  }
}

export const bench: Bench = {
  name: 'infer',
  summary: 'Samples a second through the runner, over the bare `session.run` loop with the same threads.',
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-bench-infer-'));
    try {
      const bundle = await chosenBundle(folder);
      const { id, version } = bundle.manifest;
      log(`${id} ${version}: alternating rounds of at least ${roundMs} ms`);
      for (const setting of settings) {
        for (const row of await measure(bundle, setting, signal)) report(row);
      }
      const lone = await pipeline(bundle, { workers: 1, maxBatch: 4, streams: 1 });
      await lone.perSecond(20);
      report({ name: 'info.infer.latency.alone', value: quantile(lone.seen().latencies, 0.5), unit: 'ms' });
      await lone.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
