import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BoardIncrement } from '#flows/ore/board';
import type { Bench, Row } from './bench.ts';
import { type BerthStand, prepare } from './berth/stand.ts';
import { cpuMs, rssBytes } from './path/usage.ts';
import { sleep, until } from './path/wait.ts';
import { Scope } from './scope.ts';
import { median } from './statistics.ts';

const seconds = 90;
const camera = { width: 1280, height: 720, fps: 15 };
const lookMs = 50;
/** The last sensor stands so far behind the scale of the demo's belt, which goes so fast. */
const [farthestM, beltMps] = [15, 2];
const limits = { cores: 1, verdictSeconds: 1 };

const increments = async (stand: BerthStand): Promise<BoardIncrement[]> =>
  (await stand.board()).lots.flatMap((lot) => lot.increments);

/** How long after an increment's end has gone by the last sensor its assessment is there, s. */
async function watch(stand: BerthStand, untilMs: number): Promise<number[]> {
  const known = new Set((await increments(stand)).map(({ to }) => to));
  const delays: number[] = [];
  while (performance.now() < untilMs) {
    const now = Date.now();
    for (const { to } of await increments(stand)) {
      if (known.has(to)) continue;
      known.add(to);
      delays.push((now - Date.parse(to)) / 1000 - farthestM / beltMps);
    }
    await sleep(lookMs);
  }
  return delays;
}

async function measure(
  stand: BerthStand,
  report: (row: Row) => void,
  log: (line: string) => void,
): Promise<void> {
  log('waiting for the first increment');
  await Promise.race([
    stand.box.died,
    until('an increment', 180_000, async () => ((await increments(stand)).length > 0 ? true : undefined)),
  ]);
  const [begun, cpu] = [performance.now(), cpuMs(stand.box.pid)];
  const delays = await watch(stand, begun + seconds * 1000);
  const passed = performance.now() - begun;
  const cores = (cpuMs(stand.box.pid) - cpu) / passed;
  const all = await increments(stand);
  const outcomes = all.map(({ outcome }) => outcome);
  const detail = {
    increments: delays.length,
    outcomes: Object.fromEntries(
      [...new Set(outcomes)].map((one) => [one, outcomes.filter((each) => each === one).length]),
    ),
    // What is said of those that are not clear: nothing, of this ore.
    reasons: [...new Set(all.flatMap(({ reasons }) => reasons))],
    rssBytes: rssBytes(stand.box.pid),
    what: 'box and its decoder; NIR, XRF, gamma, dose, scale, camera of 1280 x 720 at 15 a second, simulated ore',
  };
  report({
    name: 'berth.cores',
    value: cores,
    unit: 'cores',
    reference: limits.cores,
    ratio: limits.cores / cores,
    detail,
  });
  const value = median(delays);
  report({
    name: 'berth.verdict',
    value,
    unit: 's',
    reference: limits.verdictSeconds,
    ratio: limits.verdictSeconds / value,
    detail: { worst: Math.max(...delays), increments: delays.length, lookMs },
  });
}

export const bench: Bench = {
  name: 'berth',
  summary:
    'a berth with all sensors and a camera of 1280 x 720 at 15 pictures a second: cores, and the time to a verdict',
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-berth-'));
    await using scope = new Scope();
    scope.defer(() => rmSync(folder, { recursive: true, force: true }));
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
    const work = prepare(folder, scope, log, { camera }).then((stand) => measure(stand, report, log));
    work.catch(() => {});
    await Promise.race([work, stopped]);
  },
};
