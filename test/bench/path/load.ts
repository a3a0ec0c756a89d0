import { Publisher } from './publisher.ts';
import { makeTraffic, ownTracks } from './traffic.ts';
import { monotonicMs, sleep } from './wait.ts';

/** The load generator: a process of its own, so that its work is never counted as anybody else's. */

export interface LoadOrder {
  /** Topics are `<prefix>/<device>`; each prefix has the whole traffic of its own, from fix 0 on. */
  readonly prefix: string;
  readonly count: number;
  readonly perSecond: number;
}

export interface LoadReport {
  /** Index of the first fix of this order. */
  readonly first: number;
  /** When each fix was given to the socket, monotonic ms. */
  readonly sentMs: Float64Array;
}

const [port = '0'] = process.argv.slice(2);
const publisher = await Publisher.connect(Number(port));
const streams = new Map<string, { next: ReturnType<typeof makeTraffic>; sent: number }>();

async function run(order: LoadOrder): Promise<LoadReport> {
  const stream = streams.get(order.prefix) ?? { next: makeTraffic(), sent: 0 };
  streams.set(order.prefix, stream);
  const first = stream.sent;
  publisher.clear();
  for (let i = 0; i < order.count; i += 1) {
    const fix = stream.next();
    publisher.prepare(`${order.prefix}/${fix.device}`, ownTracks(fix));
  }
  stream.sent += order.count;
  const sentMs = new Float64Array(order.count);
  const start = monotonicMs();
  for (let sent = 0; sent < order.count; ) {
    const now = monotonicMs();
    const due = Math.min(order.count, Math.ceil(((now - start) * order.perSecond) / 1000));
    const upto = publisher.publishUpTo(due);
    sentMs.fill(now, sent, upto);
    sent = upto;
    await sleep(1);
  }
  while (publisher.unacknowledged > 0) await sleep(5);
  return { first, sentMs };
}

process.on('message', (order: LoadOrder) => {
  void run(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
