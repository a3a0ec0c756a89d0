import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkConfig } from '#drivers/config';
import type { DriverEnvironment } from '#drivers/driver';
import { driverEntry } from '#drivers/registry';
import type { Message } from '#flows/message';
import { freePort } from '#test/support/free-port';
import type { Row } from '../bench.ts';
import { compiled } from '../graph/flows.ts';
import { realSteps } from '../graph/steps.ts';
import { startChild } from '../path/child.ts';
import { Scope } from '../scope.ts';
import { sinceMs } from './moment.ts';

const count = 2000;
const seconds = 30;
/** Registrations and the first reports, which wait for them. */
const warmUpTurns = 10;
const referenceMs = 50;
const waitMs = 60_000;

const loadProgram = fileURLToPath(new URL('./terminal-load.js', import.meta.url));

/** What came, and how long after it was said a flow of ten stages was through with it. */
class Tally {
  readonly latencies: number[] = [];
  readonly #seen = new Set<string>();
  doubled = 0;

  take(message: Message): void {
    if (message.kind !== 'position') return;
    const turn = Math.round(message.lon * 1e6);
    const key = `${message.device} ${turn}`;
    if (this.#seen.has(key)) this.doubled++;
    this.#seen.add(key);
    if (turn >= warmUpTurns) this.latencies.push(sinceMs(message.lat));
  }

  get came(): number {
    return this.#seen.size;
  }

  quantile(share: number): number {
    const sorted = [...this.latencies].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  }
}

function boxOf(take: (message: Message) => void): DriverEnvironment {
  return {
    node: 'bench/terminals',
    box: 'bench',
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: Math.random,
    secret: () => undefined,
    onHealth: () => undefined,
    sink: {
      open: true,
      onCredit: () => undefined,
      gap: () => undefined,
      push(message, committed) {
        take(message);
        committed?.();
      },
      reject(problem) {
        throw new Error(problem.message);
      },
    },
  };
}

/** Simulated terminals that are all connected at once, each saying a location a second, and one box that hears them. */
export async function terminals(
  report: (row: Row) => void,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-terminals-'));
  await using scope = new Scope();
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const entry = driverEntry('jt808');
  const checked = entry && checkConfig(entry, { listen: `127.0.0.1:${port}`, devices: ['*'] });
  if (!entry || !checked || 'problems' in checked) throw new Error('jt808 has another config');
  const tally = new Tally();
  const flow = compiled(realSteps);
  const session = (await entry.load()).open(
    checked.config,
    boxOf((message) => {
      flow.push(message);
      tally.take(message);
    }),
  );
  session.start();
  scope.defer(() => session.stop());
  log(`${count} terminals for ${seconds} s`);
  const before = process.cpuUsage();
  const load = startChild(process.execPath, [loadProgram, `${port}`, `${count}`, `${seconds}`], { folder });
  scope.defer(load.stop);
  const expected = count * seconds;
  const until = performance.now() + seconds * 1000 + waitMs;
  while (tally.came < expected && performance.now() < until) {
    signal.throwIfAborted();
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 50)), load.died]);
  }
  const { user, system } = process.cpuUsage(before);
  if (tally.came !== expected) throw new Error(`${expected - tally.came} of ${expected} reports were lost`);
  const p99 = tally.quantile(0.99);
  report({
    name: 'drivers.terminals',
    value: p99,
    unit: 'ms',
    reference: referenceMs,
    ratio: referenceMs / p99,
    detail: {
      terminals: count,
      seconds,
      reports: expected,
      lost: 0,
      doubled: tally.doubled,
      p50: tally.quantile(0.5),
      p999: tally.quantile(0.999),
      boxCpuUsPerReport: (user + system) / expected,
    },
  });
}
