import { Publisher } from './publisher.ts';
import { fixTimeMs, type Span } from './schedule.ts';
import { makeTraffic, ownTracks } from './traffic.ts';
import { monotonicMs, sleep } from './wait.ts';

/** The load generator: a process of its own, so that its work is never counted as anybody else's. */

export interface LoadOrder {
  /** Topics are `<prefix>/<device>`; each prefix has the whole traffic of its own, from fix 0 on. */
  readonly prefix: string;
  readonly span: Span;
}

export interface LoadReport {
  /** When each fix was given to the socket, monotonic ms. */
  readonly sentMs: Float64Array;
}

const [port = '0'] = process.argv.slice(2);
const publisher = await Publisher.connect(Number(port));
const streams = new Map<string, ReturnType<typeof makeTraffic>>();

async function run({ prefix, span }: LoadOrder): Promise<LoadReport> {
  const { count, perSecond, startMs } = span;
  const next = streams.get(prefix) ?? makeTraffic();
  streams.set(prefix, next);
  publisher.clear();
  for (let i = 0; i < count; i += 1) {
    const fix = next();
    publisher.prepare(`${prefix}/${fix.device}`, ownTracks(fix, fixTimeMs(span, fix.index)));
  }
  const sentMs = new Float64Array(count);
  await sleep(Math.max(0, startMs - Date.now()));
  const start = monotonicMs();
  for (let sent = 0; sent < count; ) {
    const now = monotonicMs();
    const due = Math.min(count, Math.ceil(((now - start) * perSecond) / 1000));
    const upto = publisher.publishUpTo(due);
    sentMs.fill(now, sent, upto);
    sent = upto;
    await sleep(1);
  }
  while (publisher.unacknowledged > 0) await sleep(5);
  return { sentMs };
}

process.on('message', (order: LoadOrder) => {
  void run(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
