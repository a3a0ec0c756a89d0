import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#test/support/free-port';
import type { Scope } from '../scope.ts';
import { startChild } from './child.ts';
import { watchTopic } from './echo.ts';
import type { Broker } from './mosquitto.ts';
import { nodeRedFlow, nodeRedSettings } from './node-red-flow.ts';
import type { NodeRedInstall } from './node-red-install.ts';
import { Schedule } from './schedule.ts';
import type { System } from './system.ts';
import { until } from './wait.ts';

/** Starts Node-RED with the flow; ready when its subscription is there. */
export async function startNodeRed(
  broker: Broker,
  install: NodeRedInstall,
  fencesFile: string,
  folder: string,
  scope: Scope,
): Promise<System> {
  const prefix = 'bench/node-red/in';
  const out = 'bench/node-red/out';
  const user = join(folder, 'node-red');
  mkdirSync(user);
  symlinkSync(install.modules, join(user, 'node_modules'));
  const dependencies = { '@turf/boolean-point-in-polygon': '7.4.0', flatbush: '4.7.0' };
  writeFileSync(join(user, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const port = await freePort();
  writeFileSync(join(user, 'settings.js'), nodeRedSettings(port));
  const flow = nodeRedFlow({ brokerPort: broker.port, prefix, out, fencesFile });
  writeFileSync(join(user, 'flows.json'), JSON.stringify(flow));
  const schedule = new Schedule();
  const watch = await watchTopic(broker.url, out, schedule);
  scope.defer(watch.stop);
  const args = [install.script, '--userDir', user, '--settings', join(user, 'settings.js')];
  const child = startChild(install.node, args, { folder, name: 'node-red' });
  scope.defer(child.stop);
  const up = () =>
    fetch(`http://127.0.0.1:${port}/flows`).then(
      (answer) => (answer.ok ? true : undefined),
      () => undefined,
    );
  await Promise.race([child.died, until('Node-RED', 60_000, up)]);
  return {
    name: 'node-red',
    prefix,
    schedule,
    child,
    seen: watch.seen,
    fences: true,
    handled: async () => undefined,
    showDelays: async () => {},
  };
}
