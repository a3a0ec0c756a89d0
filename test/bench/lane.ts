import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event } from '#flows/event';
import type { Bench, Row } from './bench.ts';
import type { ScanReport } from './lane/scanner.ts';
import { type LaneStand, prepare } from './lane/stand.ts';
import { rssBytes } from './path/usage.ts';
import { sleep, until } from './path/wait.ts';
import { Scope } from './scope.ts';
import { median, quantile } from './statistics.ts';

type Report = (row: Row) => void;
type Log = (line: string) => void;

const linesPerSecond = 400;
const positionsPerSecond = 200;
const restSeconds = 12;
const rounds = 2;
/** A verdict an image, as published (research figure: 3.5 s), and what is asked for here. */
const verdictLimitMs = 1000;
const published = 3500;
/** Growth of memory from the first pair of trucks to the second that still counts as none. */
const slack = { share: 0.1, bytes: 30e6 };

let scans = 0;
const newScan = () => (++scans).toString(16).padStart(32, '0');

interface Judged {
  readonly report: ScanReport;
  readonly verdict: Event;
  /** From the last line on the wire to the verdict on the live stream of the hub, ms. */
  readonly afterMs: number;
  readonly lines: { readonly received: number; readonly lost: number };
}

/** One truck through one scanner, until its verdict is at the hub. */
async function drive(stand: LaneStand, n: 0 | 1, perSecond?: number): Promise<Judged> {
  const scan = newScan();
  const report = await stand.scanners[n].scan({ scan, ...(perSecond === undefined ? {} : { perSecond }) });
  const of = (type: string) => () =>
    stand.seen.find(({ event }) => event.type === type && event.data.scan === scan);
  const wait = (type: string) =>
    Promise.race([stand.box.child.died, until(`${type} of ${scan}`, 30_000, of(type), 5)]);
  const { event: verdict, atMs } = await wait('quaywatch.scan.verdict');
  const { event: completed } = await wait('quaywatch.scan.completed');
  const lines = completed.data.lines as Judged['lines'];
  if (verdict.data.outcome === 'none')
    throw new Error(`A sound scan got no verdict: ${JSON.stringify(verdict.data.reasons)}`);
  return { report, verdict, afterMs: atMs - report.lastMs, lines };
}

/** Publishes positions for some seconds; resolves with the delays to the hub's live stream, ms. */
async function positions(stand: LaneStand, seconds: number): Promise<number[]> {
  const { load, watch, prefix, seen, box } = stand;
  const count = seconds * positionsPerSecond;
  const first = watch.schedule.total;
  const before = seen.length;
  const span = watch.schedule.plan(count, positionsPerSecond, Date.now() + 200);
  const { sentMs } = await load.publish({ prefix, span });
  const fixes = () => seen.slice(before).filter(({ event }) => event.type === 'quaywatch.position.observed');
  await Promise.race([
    box.child.died,
    until(`${count} positions at the hub`, 60_000, () => fixes().length >= count || undefined),
  ]);
  return fixes().map(({ event, atMs }) => {
    const index = watch.schedule.indexOf(event.subject ?? '', Date.parse(event.time));
    return atMs - (sentMs[index - first] ?? Number.NaN);
  });
}

async function measureOne(stand: LaneStand, report: Report, log: Log): Promise<void> {
  const after: number[] = [];
  const still: number[] = [];
  const during: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    still.push(...(await positions(stand, restSeconds)));
    const truck = drive(stand, 0, linesPerSecond);
    during.push(...(await positions(stand, restSeconds)));
    const { afterMs } = await truck;
    after.push(afterMs);
    const [p, q] = [quantile(still, 0.99), quantile(during, 0.99)].map((ms) => ms.toFixed(1));
    log(
      `round ${round}: verdict after ${afterMs.toFixed(0)} ms; p99 of positions ${p} ms, in a scan ${q} ms`,
    );
  }
  const value = median(after) / 1000;
  const detail = { seconds: after.map((ms) => ms / 1000), publishedSeconds: published / 1000 };
  report({
    name: 'lane.verdict',
    value,
    unit: 's',
    reference: verdictLimitMs / 1000,
    ratio: verdictLimitMs / 1000 / value,
    detail,
  });
  const [p99, reference] = [quantile(during, 0.99), 2 * quantile(still, 0.99)];
  report({
    name: 'lane.position',
    value: p99,
    unit: 'ms',
    reference,
    ratio: reference / p99,
    detail: { p50Ms: quantile(during, 0.5), p50StillMs: quantile(still, 0.5), positionsPerSecond },
  });
}

/** Both scanners at once; the most memory that the box had meanwhile. */
async function pair(stand: LaneStand, perSecond?: number) {
  let peak = 0;
  let done = false;
  const watching = (async () => {
    while (!done) {
      peak = Math.max(peak, rssBytes(stand.box.child.pid));
      await sleep(500);
    }
  })();
  const trucks = await Promise.all([drive(stand, 0, perSecond), drive(stand, 1, perSecond)]).finally(() => {
    done = true;
  });
  await watching;
  return { trucks, peak };
}

async function measureTwo(stand: LaneStand, report: Report, log: Log): Promise<void> {
  const first = await pair(stand, linesPerSecond);
  const second = await pair(stand, linesPerSecond);
  const trucks = [...first.trucks, ...second.trucks];
  const sent = trucks.reduce((sum, { report: { lines } }) => sum + lines, 0);
  const received = trucks.reduce((sum, { lines }) => sum + lines.received, 0);
  const lost = trucks.reduce((sum, { lines }) => sum + lines.lost, 0);
  const bounded = second.peak <= first.peak * (1 + slack.share) + slack.bytes;
  const value = Math.min(...trucks.map(({ report: { lines, seconds } }) => lines / seconds));
  log(`${received} of ${sent} lines, ${lost} lost; memory ${(second.peak / 1e6).toFixed(0)} MB`);
  const whole = received === sent && lost === 0 && bounded;
  report({
    name: 'lane.two',
    value,
    unit: 'lines/s',
    reference: linesPerSecond,
    // What was lost, or memory that grows, is no throughput.
    ratio: whole ? Math.round((value / linesPerSecond) * 100) / 100 : 0,
    detail: {
      sent,
      received,
      lost,
      peakBytes: [first.peak, second.peak],
      verdictMs: trucks.map((t) => t.afterMs),
    },
  });
  const fast = await pair(stand);
  const each = fast.trucks.map(
    ({ report: { lines, seconds }, afterMs }) => lines / (seconds + afterMs / 1000),
  );
  const lostFast = fast.trucks.reduce((sum, { lines }) => sum + lines.lost, 0);
  report({
    name: 'info.lane.highest',
    value: Math.min(...each),
    unit: 'lines/s',
    reference: linesPerSecond,
    ratio: Math.min(...each) / linesPerSecond,
    detail: { scanners: 2, lost: lostFast, peakBytes: fast.peak },
  });
}

export const bench: Bench = {
  name: 'lane',
  summary: 'trucks through X-ray scanners: lines to verdicts at the hub, with positions beside them',
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-lane-'));
    await using scope = new Scope();
    scope.defer(() => rmSync(folder, { recursive: true, force: true }));
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
    const work = prepare(folder, scope, log).then(async (stand) => {
      log('warming up');
      await pair(stand);
      await measureOne(stand, report, log);
      await measureTwo(stand, report, log);
    });
    work.catch(() => {});
    await Promise.race([work, stopped]);
  },
};
