import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import type { Event } from '#flows/event';
import { freePort } from '#test/support/free-port';
import type { Row } from '../bench.ts';
import { positionsFlow } from '../lane/flows.ts';
import { startBoxProcess } from '../path/box.ts';
import { startHub } from '../path/hub.ts';
import { listen } from '../path/hub-watch.ts';
import { monotonicMs, sleep, until } from '../path/wait.ts';
import { Scope } from '../scope.ts';
import { quantile } from '../statistics.ts';

const vehicles = 2000;
const fences = 200;
const seconds = 25;
/** Not counted: every vehicle enters for the first time, and neither process is compiled yet. */
const warmS = 5;
/** Each vehicle goes in or out of its fence once in so many seconds. */
const turnS = 10;
const limitMs = 1000;
const topic = 'bench/live';

const side = 0.01;
const west = (fence: number) => 119 + (fence % 20) * 2 * side;
const south = (fence: number) => 34 + Math.floor(fence / 20) * 2 * side;

const squares = () => ({
  type: 'FeatureCollection',
  features: Array.from({ length: fences }, (_, n) => {
    const [w, s] = [west(n), south(n)];
    const ring = [
      [w, s],
      [w + side, s],
      [w + side, s + side],
      [w, s + side],
      [w, s],
    ];
    return {
      type: 'Feature',
      properties: { id: `f-${n}` },
      geometry: { type: 'Polygon', coordinates: [ring] },
    };
  }),
});

/** Vehicle `v` is in its fence for one turn and beside it for the next; vehicles turn one after the other. */
function placeOf(v: number, second: number): { lon: number; lat: number } {
  const fence = v % fences;
  const inside = Math.floor((second + (v * turnS) / vehicles) / turnS) % 2 === 0;
  return { lon: west(fence) + side * (inside ? 0.5 : 1.5), lat: south(fence) + side / 2 };
}

/**
 * From the publish of a position to its event on the hub's live stream, both disks in between: 2,000 vehicles at one fix a second on a real
 * box and a real hub, each a process of its own.
 */
export async function measureLive(report: (row: Row) => void, log: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-live-'));
  await using scope = new Scope();
  scope.defer(() => rmSync(folder, { recursive: true, force: true }));
  log('starting a hub and a box');
  const hub = await startHub(folder, scope);
  const sentAt = new Map<string, number>();
  const delays = { fence: [] as number[], position: [] as number[] };
  let heard = 0;
  let countedFrom = Number.POSITIVE_INFINITY;
  const take = (event: Event, atMs: number) => {
    const isFence = event.type.startsWith('quaywatch.fence.');
    const time = isFence ? String(event.data.confirmed) : event.time;
    const sent = sentAt.get(`${event.subject} ${Date.parse(time)}`);
    if (sent === undefined) return;
    if (!isFence) heard += 1;
    if (sent >= countedFrom) delays[isFence ? 'fence' : 'position'].push(atMs - sent);
  };
  await listen(hub, scope, take);
  const devices = await freePort();
  const box = await startBoxProcess(hub, [positionsFlow(squares(), `${topic}/#`)], folder, scope, {
    broker: { listen: `127.0.0.1:${devices}` },
  });
  const running = async () =>
    (await box.status().catch(() => undefined))?.site === 'bench' ? true : undefined;
  await Promise.race([box.child.died, until('the box', 180_000, running)]);
  const count = vehicles * seconds;
  const client = await connectAsync(`mqtt://127.0.0.1:${devices}`);
  log(`${count} positions of ${vehicles} vehicles`);
  const begin = monotonicMs() + 500;
  countedFrom = begin + warmS * 1000;
  const epoch = Date.now() + 500;
  const msOf = (n: number) => Math.round((n * 1000) / vehicles);
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.ceil(((monotonicMs() - begin) * vehicles) / 1000));
    // What is late by the load's own fault counts as late too: the delay is from the time of the fix.
    for (; sent < due; sent++) {
      const device = `truck-${sent % vehicles}`;
      const time = epoch + msOf(sent);
      const place = placeOf(sent % vehicles, sent / vehicles);
      const fix = { kind: 'position', device, time: new Date(time).toISOString(), fix: true, ...place };
      sentAt.set(`${device} ${time}`, begin + msOf(sent));
      client.publish(`${topic}/in/${device}`, JSON.stringify(fix), { qos: 1 });
    }
    await sleep(2);
  }
  await Promise.race([
    box.child.died,
    until(`${count} positions at the hub`, 120_000, () => heard >= count || undefined),
  ]);
  await client.endAsync();
  const p99 = quantile(delays.fence, 0.99);
  report({
    name: 'tracks.live',
    value: p99,
    unit: 'ms',
    reference: limitMs,
    ratio: limitMs / p99,
    detail: {
      vehicles,
      perSecond: vehicles,
      fences,
      events: delays.fence.length,
      p50Ms: quantile(delays.fence, 0.5),
      positions: delays.position.length,
      positionP99Ms: quantile(delays.position, 0.99),
    },
  });
}
