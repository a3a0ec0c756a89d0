import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { encodeLine } from '#drivers/linescan/encode';
import type { Event } from '#flows/event';
import { rawLines } from '#models/physics/xray/raw-lines';
import { scanners } from '#models/physics/xray/scanner';
import { drawScene } from '#models/physics/xray/scene-spec';
import { repositoryBundles } from '#models/runner/place';
import { freePort } from '#test/support/free-port';
import { startBoxProcess } from '../path/box.ts';
import { makeFences } from '../path/fences.ts';
import { startHub } from '../path/hub.ts';
import { type HubWatch, watchHub } from '../path/hub-watch.ts';
import { type Load, startLoad } from '../path/load-process.ts';
import { until } from '../path/wait.ts';
import type { Scope } from '../scope.ts';
import { laneFlow, positionsFlow } from './flows.ts';
import { type Scanner, startScanner } from './scanner-process.ts';

/** An event as the hub's live stream brought it. */
export interface Seen {
  readonly event: Event;
  /** Monotonic ms. */
  readonly atMs: number;
}

export interface LaneStand {
  readonly box: Awaited<ReturnType<typeof startBoxProcess>>;
  readonly load: Load;
  readonly prefix: string;
  readonly scanners: readonly [Scanner, Scanner];
  readonly watch: HubWatch;
  readonly seen: readonly Seen[];
}

const owner = { scanner: '00000000000051a1', scan: '0'.repeat(32) };

/** One truck with an empty 20 ft container at 0.8 m/s, as wire records in a file. */
async function render(file: string): Promise<void> {
  const scene = drawScene(1, { containers: ['dry-20'], vehicles: ['cabover-4x2'], empty: 1 });
  const stream = createWriteStream(file);
  for (const line of rawLines({ seed: 1, scanner: scanners.g1, scene, speedMps: 0.8 }))
    stream.write(encodeLine(line, owner));
  stream.end();
  await finished(stream);
}

/** Starts everything: two scanners, the load of positions, a hub, and a box with three flows enrolled at it. */
export async function prepare(folder: string, scope: Scope, log: (line: string) => void): Promise<LaneStand> {
  const file = join(folder, 'truck.lines');
  mkdirSync(folder, { recursive: true });
  log('rendering a truck');
  await render(file);
  log('starting the hub, the box, two scanners and the load');
  const hub = await startHub(folder, scope);
  const seen: Seen[] = [];
  const watch = await watchHub(hub, scope, (event, atMs) => seen.push({ event, atMs }));
  const ports = [await freePort(), await freePort()] as const;
  const first = startScanner('scanner-1', file, ports[0], folder, scope);
  const second = startScanner('scanner-2', file, ports[1], folder, scope);
  const devices = await freePort();
  const prefix = 'bench/box/in';
  const flows = [positionsFlow(makeFences(), `${prefix}/#`), laneFlow(1, ports[0]), laneFlow(2, ports[1])];
  const box = await startBoxProcess(hub, flows, folder, scope, {
    broker: { listen: `127.0.0.1:${devices}` },
    models: { folders: [fileURLToPath(repositoryBundles())], allowUnsigned: true },
  });
  const running = async () => {
    const status = await box.status().catch(() => undefined);
    return status?.site === 'bench' && status.flows.length === 3 ? status : undefined;
  };
  const status = await Promise.race([box.child.died, until('the box', 60_000, running)]);
  if (!status.models?.some(({ id, state }) => id === 'empty-container' && state === 'running'))
    throw new Error(`The model does not run: ${JSON.stringify(status.models)}`);
  const load = await startLoad(devices, folder);
  scope.defer(load.child.stop);
  await Promise.race([box.child.died, Promise.all([first.heard, second.heard])]);
  return { box, load, prefix, scanners: [first, second], watch, seen };
}
