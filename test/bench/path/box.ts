import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import type { Status } from '#flows/wire';
import { freePort } from '#test/support/free-port';
import type { Scope } from '../scope.ts';
import { startChild } from './child.ts';
import { makeFences } from './fences.ts';
import type { Hub } from './hub.ts';
import type { HubWatch } from './hub-watch.ts';
import type { Broker } from './mosquitto.ts';
import { quaywatchProgram } from './program.ts';
import type { System } from './system.ts';
import { until } from './wait.ts';

/** The box as a system, with what only a box can tell. */
export interface BoxSystem extends System {
  status(): Promise<Status>;
}

/** The flow that the box runs: the plain difference of what contains consecutive fixes. */
export function boxFlow(brokerUrl: string, topic: string): object {
  const geofence = { fences: makeFences(), hysteresisM: 0, confirmFixes: 1, confirmSeconds: 0 };
  return {
    id: 'path',
    version: 1,
    nodes: [
      { id: 'trucks', driver: 'mqtt-json', config: { url: brokerUrl, topic, topicLevel: 4 } },
      { id: 'fences', stage: 'geofence', config: geofence },
      { id: 'out', stage: 'emit', config: { priority: 'alarm' } },
    ],
    wires: [
      { from: 'trucks', to: 'fences' },
      { from: 'fences', to: 'out' },
    ],
  };
}

/** Starts a real box with `flows`, which enrols itself at the hub; `rest` is more of its config. */
export async function startBoxProcess(
  hub: Hub,
  flows: readonly object[],
  folder: string,
  scope: Scope,
  rest: object = {},
) {
  const home = join(folder, 'box');
  mkdirSync(home);
  const http = await freePort();
  const files = flows.map((flow, i) => {
    const file = join(home, `flow-${i}.json`);
    writeFileSync(file, JSON.stringify(flow));
    return file;
  });
  const config = {
    name: 'bench',
    data: join(home, 'data'),
    enrolment: hub.tokenFile,
    http: `127.0.0.1:${http}`,
    flows: files,
    ...rest,
  };
  const file = join(home, 'box.json');
  writeFileSync(file, JSON.stringify(config));
  const program = [quaywatchProgram, 'edge', '--config', file];
  const child = startChild(process.execPath, program, { folder, name: 'box' });
  scope.defer(child.stop);
  const status = async () => {
    const answer = await fetch(`http://127.0.0.1:${http}/status`);
    if (!answer.ok) throw new Error(`The box's status cannot be read: ${answer.status}`);
    return (await answer.json()) as Status;
  };
  return { child, status };
}

/**
 * The box under load: ready when it is enrolled and its device session is live. A session is live when it
 * hears something, so that it is told what OwnTracks devices send and no flow is interested in.
 */
export async function startBox(
  broker: Broker,
  hub: Hub,
  watch: HubWatch,
  folder: string,
  scope: Scope,
): Promise<BoxSystem> {
  const prefix = 'bench/box/in';
  const { child, status } = await startBoxProcess(hub, [boxFlow(broker.url, `${prefix}/#`)], folder, scope);
  const client = await connectAsync(broker.url);
  let last: Status | undefined;
  const ready = async () => {
    await client.publishAsync(`${prefix}/truck-000`, '{"_type":"waypoints"}', { qos: 1 });
    last = await status().catch(() => undefined);
    return last?.site === 'bench' && last.devices[0]?.state === 'live' ? true : undefined;
  };
  await Promise.race([child.died, until('the box', 60_000, ready)]).catch((error: Error) => {
    throw new Error(`${error.message} Its status: ${JSON.stringify(last)} ${child.tail()}`);
  });
  await client.endAsync();
  return {
    name: 'box',
    prefix,
    schedule: watch.schedule,
    child,
    seen: watch.seen,
    fences: true,
    status,
    handled: async () => (await status()).flows[0]?.received,
    showDelays: async () => {},
  };
}
