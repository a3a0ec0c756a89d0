import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#test/support/free-port';
import type { Bench } from './bench.ts';
import { startBoxProcess } from './path/box.ts';
import { makeFences } from './path/fences.ts';
import { startHub } from './path/hub.ts';
import { rssBytes } from './path/usage.ts';
import { sleep, until } from './path/wait.ts';
import { Scope } from './scope.ts';
import { median } from './statistics.ts';

const restSeconds = 30;

/** A gate's flow: trackers that publish to the box's own broker, a hundred fences, alarms. */
function gateFlow(): object {
  const { features } = makeFences();
  const fences = { type: 'FeatureCollection', features: features.slice(0, 100) };
  return {
    id: 'gate',
    version: 1,
    nodes: [
      { id: 'trucks', driver: 'mqtt-json', config: { topic: 'owntracks/#' } },
      { id: 'fences', stage: 'geofence', config: { fences } },
      { id: 'out', stage: 'emit', config: { priority: 'alarm' } },
    ],
    wires: [
      { from: 'trucks', to: 'fences' },
      { from: 'fences', to: 'out' },
    ],
  };
}

async function restingRss(pid: number): Promise<number> {
  const samples: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    samples.push(rssBytes(pid));
    await sleep(500);
  }
  return median(samples) / 1e6;
}

export const bench: Bench = {
  name: 'idle',
  summary: 'memory of a box at rest with no model loaded, and of its hub',
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-idle-'));
    await using scope = new Scope();
    scope.defer(() => rmSync(folder, { recursive: true, force: true }));
    log('starting a hub and a box');
    const hub = await startHub(folder, scope);
    const devices = { broker: { listen: `127.0.0.1:${await freePort()}` } };
    const box = await startBoxProcess(hub, [gateFlow()], folder, scope, devices);
    const running = async () => {
      const status = await box.status().catch(() => undefined);
      return status?.flows[0]?.state === 'running' ? true : undefined;
    };
    await Promise.race([box.child.died, hub.child.died, until('the box', 60_000, running)]);
    log(`leaving them alone for ${restSeconds} s`);
    await sleep(restSeconds * 1000, undefined, { signal });
    for (const [name, pid, limit] of [
      ['info.idle.box', box.child.pid, 120],
      ['info.idle.hub', hub.child.pid, 200],
    ] as const) {
      const value = await restingRss(pid);
      report({ name, value, unit: 'MB', reference: limit, ratio: limit / value });
    }
  },
};
