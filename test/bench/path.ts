import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Row } from './bench.ts';
import { startBare } from './path/bare.ts';
import { type BoxSystem, startBox } from './path/box.ts';
import { Expected, mustAgree } from './path/expected.ts';
import { makeFences } from './path/fences.ts';
import { type Hub, startHub } from './path/hub.ts';
import { type HubWatch, watchHub } from './path/hub-watch.ts';
import { startLoad } from './path/load-process.ts';
import { startMosquitto } from './path/mosquitto.ts';
import { startNodeRed } from './path/node-red.ts';
import { installNodeRed, nodeRedVersion } from './path/node-red-install.ts';
import { mustBeStoredOnce } from './path/once.ts';
import { overload, overloadRate } from './path/overload.ts';
import { best, climb, limitMs } from './path/rate.ts';
import { type Cost, compareCost, rate } from './path/rounds.ts';
import { Stand } from './path/stand.ts';
import type { System } from './path/system.ts';
import { Scope } from './scope.ts';

type Report = (row: Row) => void;
type Log = (line: string) => void;

interface Field {
  readonly stand: Stand;
  readonly box: BoxSystem;
  readonly nodeRed: System;
  readonly bare: System;
  readonly hub: Hub;
  readonly watch: HubWatch;
}

/** Starts everything: mosquitto, the load, a hub, a box enrolled at it, Node-RED, the bare loop. */
async function prepare(folder: string, scope: Scope, log: Log): Promise<Field> {
  const install = await installNodeRed(log);
  const fencesFile = join(folder, 'fences.geojson');
  writeFileSync(fencesFile, JSON.stringify(makeFences()));
  log('starting mosquitto, the hub, the box, Node-RED and the bare loop');
  const broker = await startMosquitto(folder);
  scope.defer(broker.child.stop);
  const load = await startLoad(broker.port, folder);
  scope.defer(load.child.stop);
  const hub = await startHub(folder, scope);
  const watch = await watchHub(hub, scope);
  const box = await startBox(broker, hub, watch, folder, scope);
  const nodeRed = await startNodeRed(broker, install, fencesFile, folder, scope);
  const bare = await startBare(broker, folder, scope);
  return { stand: new Stand(load, new Expected()), box, nodeRed, bare, hub, watch };
}

function reportCost(costs: readonly Cost[], report: Report): void {
  const of = (name: System['name']) => costs.find((cost) => cost.system === name)?.cpuUs ?? Number.NaN;
  const detail = Object.fromEntries(costs.map((cost) => [cost.system, cost.rounds]));
  const row = (name: string, reference: number) =>
    report({
      name,
      value: of('box'),
      unit: 'us/message',
      reference,
      ratio: reference / of('box'),
      detail: { ratePerSecond: rate, fences: 1000, vertices: 64, rounds: detail },
    });
  row('path', of('node-red'));
  row('path-floor', of('bare'));
}

async function measure(field: Field, report: Report, log: Log): Promise<void> {
  const { stand, box, nodeRed, bare, hub, watch } = field;
  const systems = [box, nodeRed, bare];
  reportCost(await compareCost(stand, systems, log), report);
  mustAgree(nodeRed, stand.expectedOf(nodeRed));
  mustAgree(box, stand.expectedOf(box));
  let highest = 0;
  for (const system of systems) {
    const steps = await climb(stand, system, log);
    if (system === box) highest = best(steps);
    const name = `info.path.rate.${system.name}`;
    report({ name, value: best(steps), unit: 'msg/s', detail: { p99LimitMs: limitMs, steps } });
  }
  log(`overloading the box: ${overloadRate(highest)}/s`);
  const row = await overload(stand, box, hub, watch, highest);
  mustAgree(nodeRed, stand.expectedOf(nodeRed));
  const stored = mustBeStoredOnce(box, stand.expectedOf(box), await watch.stored());
  report({ ...row, detail: { ...row.detail, ...stored } });
}

export const bench: Bench = {
  name: 'path',
  summary: `positions by MQTT through 1,000 fences to the hub, beside Node-RED ${nodeRedVersion} and a bare MQTT.js loop`,
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-path-'));
    await using scope = new Scope();
    scope.defer(() => rmSync(folder, { recursive: true, force: true }));
    const stopped = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
    const work = prepare(folder, scope, log).then((field) => measure(field, report, log));
    work.catch(() => {}); // when stopped first, what it then says of dying programs is no news
    await Promise.race([work, stopped]);
  },
};
