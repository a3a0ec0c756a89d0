import { indexFences } from '#flows/geo/fence-index';
import { readFences } from '#flows/geo/fences';
import { buildGrid } from '#flows/geo/grid-build';
import type { Bench, Row } from './bench.ts';
import { bytesOf, fromBytes, steps } from './fences/bytes.ts';
import { measureHosted, measurePeak } from './fences/hosted.ts';
import { type Case, cases, makeFences, makePoints } from './fences/inputs.ts';
import { wrongTransitions } from './fences/noise.ts';
import { dependentReadNs } from './fences/reads.ts';
import { bruteForce, evaluate, mustAgree, peer, type Side } from './fences/sides.ts';
import { median } from './statistics.ts';

/** Edges that brute force may look at for one case. */
const bruteEdges = 2e8;
const rounds = 3;
const aimPerSecond = 3_000_000;
const mega = 1_048_576;
const crossings = 10_000;
/** Vehicles, and rounds of reports of all of them that count. */
const fleets = [
  [2000, 100],
  [100_000, 2],
] as const;
const bytesAim = 300_000;
const readMebibytes = 64;

/** Points in a second of this thread's own time: what neighbours on the machine take does not count. */
function rate(
  side: Side,
  points: Float64Array,
  count: number,
): { perSecond: number; hits: number; sum: number } {
  const begin = process.cpuUsage();
  const result = evaluate(side, points, count);
  const { user, system } = process.cpuUsage(begin);
  return { perSecond: (count / (user + system)) * 1e6, ...result };
}

/** Both sides in turn on the same points, which must hold the same fences. */
function compare(ours: Side, other: Side, points: Float64Array, count: number, signal: AbortSignal) {
  const pairs: { ours: number; other: number }[] = [];
  for (let pair = -1; pair < rounds; pair++) {
    signal.throwIfAborted();
    const b = rate(other, points, count);
    const a = rate(ours, points, count);
    if (a.hits !== b.hits || a.sum !== b.sum) throw new Error(`ours has ${a.hits} hits, the peer ${b.hits}`);
    if (pair >= 0) pairs.push({ ours: a.perSecond, other: b.perSecond });
  }
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    other: median(pairs.map((pair) => pair.other)),
    ratio: median(pairs.map((pair) => pair.ours / pair.other)),
  };
}

function measure(one: Case, signal: AbortSignal): Row[] {
  const collection = makeFences(one);
  const set = readFences(collection);
  const before = process.cpuUsage();
  const grid = buildGrid(set.shapes);
  const { user, system } = process.cpuUsage(before);
  const index = indexFences(set, grid);
  const arrays = [set.shapes.vertices, grid.blocks, grid.fullStarts, grid.full, grid.cells];
  const megabytes = arrays.reduce((sum, array) => sum + array.byteLength, 0) / mega;
  const points = makePoints(one);
  const sample = Math.min(one.points, Math.ceil(bruteEdges / (one.fences * one.vertices)));
  mustAgree(index.containing, bruteForce(collection), 'brute force', points, sample);
  const other = peer(collection);
  mustAgree(index.containing, other, 'the peer', points, one.points);
  const { ours, other: reference, ratio } = compare(index.containing, other, points, one.points, signal);
  const short = one.name.replace('fences.', '');
  const detail = { points: one.points, rounds, checkedByBruteForce: sample };
  return [
    { name: one.name, value: ours, unit: 'points/s', reference, ratio, detail },
    {
      name: `info.fences.rate.${short}`,
      value: ours,
      unit: 'points/s',
      reference: aimPerSecond,
      ratio: ours / aimPerSecond,
    },
    { name: `info.fences.build.${short}`, value: (user + system) / 1e6, unit: 's' },
    { name: `info.fences.memory.${short}`, value: megabytes, unit: 'MiB' },
  ];
}

/** Runs of each step; the median counts, since collecting what a set before left behind falls into the first. */
const bytesRuns = 3;

/** The way from bytes to events in steps, the whole of it last. */
function measureBytes(port: Case, vehicles: number, rounds: number, signal: AbortSignal): Row[] {
  const pieces = bytesOf(port, vehicles, rounds);
  return steps.map((step) => {
    const runs = Array.from({ length: bytesRuns }, () => {
      signal.throwIfAborted();
      return fromBytes(port, vehicles, pieces, step);
    });
    const value = median(runs.map(({ perSecond }) => perSecond));
    const events = runs[0]?.events ?? 0;
    const fences = { messages: 0, state: 1, events: port.fences, committed: port.fences }[step];
    const detail = { vehicles, fences, events, runs: bytesRuns };
    const row = { name: `info.fences.bytes.${vehicles}.${step}`, value, unit: 'positions/s', detail };
    return step === 'events' ? { ...row, reference: bytesAim, ratio: value / bytesAim } : row;
  });
}

export const bench: Bench = {
  name: 'fences',
  summary: 'Which fences hold a point: points a second beside flatbush with point-in-polygon-hao.',
  async run(report, log, signal) {
    for (const one of cases) {
      log(`${one.fences} fences of ${one.vertices} vertices`);
      for (const row of measure(one, signal)) report(row);
      await Promise.resolve();
    }
    const [, , port] = cases;
    if (!port) throw new Error('there is no port to drive through');
    for (const [vehicles, rounds] of fleets) {
      log(`${vehicles} JT/T 808 terminals and ${port.fences} fences, from bytes to events`);
      for (const row of measureBytes(port, vehicles, rounds, signal)) report(row);
      await Promise.resolve();
    }
    const readNs = dependentReadNs(readMebibytes);
    report({ name: 'info.fences.read', value: readNs, unit: 'ns', detail: { mebibytes: readMebibytes } });
    log('memory of the largest set');
    for (const row of await measurePeak()) report(row);
    log(`${port.fences} fences of ${port.vertices} vertices, built in a thread`);
    for (const row of await measureHosted(port)) report(row);
    log(`${crossings} crossings of an edge in 10 m of noise`);
    const wrong = wrongTransitions(crossings, 2, 0.9);
    const detail = { crossings, fixSeconds: 2, keptAfterOneSecond: 0.9 };
    report({ name: 'info.fences.noise', value: wrong, unit: 'wrong', detail });
  },
};
