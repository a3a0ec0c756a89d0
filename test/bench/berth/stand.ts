import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { BerthOptions } from '#edge/demo/berth/berth';
import { berthFlow } from '#edge/demo/berth/flow';
import type { Script } from '#edge/demo/berth/script';
import { type BerthPorts, libraryFolder } from '#edge/demo/layout';
import type { Board } from '#flows/ore/board';
import { repositoryBundles } from '#models/runner/place';
import { freePort } from '#test/support/free-port';
import { type Child, startChild } from '../path/child.ts';
import { until } from '../path/wait.ts';
import type { Scope } from '../scope.ts';

const program = fileURLToPath(new URL('../../../quaywatch.js', import.meta.url));
const sensors = fileURLToPath(new URL('./sensors.js', import.meta.url));

export interface BerthStand {
  /** The box as it runs now. */
  readonly box: Child;
  board(): Promise<Board>;
  /** Kills the box as a failure of power would, and starts it again so many seconds later; its sensors go on. */
  killBox(darkSeconds: number): Promise<void>;
}

export interface BerthStandOptions {
  readonly camera: BerthOptions['camera'];
  readonly script?: Script;
  /** Background before radiation is judged, s; as the flow has it when absent. */
  readonly warmUpSeconds?: number;
}

/** A box without a hub, with the shipped flow, and the sensors of a berth on their wires. */
export async function prepare(
  folder: string,
  scope: Scope,
  log: (line: string) => void,
  { camera, script, warmUpSeconds }: BerthStandOptions,
): Promise<BerthStand> {
  mkdirSync(folder, { recursive: true });
  const names = ['scale', 'nir', 'xrf', 'gamma', 'dose', 'camera', 'sampler'] as const;
  const free = await Promise.all(names.map(() => freePort()));
  const ports = Object.fromEntries(names.map((name, i) => [name, free[i]])) as BerthPorts;
  const [http, devices] = [await freePort(), await freePort()];
  const { width: maxWidth, height: maxHeight, fps } = camera;
  const flow = berthFlow(ports, { fps, maxWidth, maxHeight });
  const nodes = flow.nodes.map((node) =>
    node.id === 'radiation' && warmUpSeconds !== undefined
      ? { ...node, config: { ...node.config, warmUpSeconds } }
      : node,
  );
  writeFileSync(join(folder, 'flow.json'), JSON.stringify({ ...flow, nodes }));
  const config = {
    name: 'berth',
    data: 'data',
    http: `127.0.0.1:${http}`,
    broker: { listen: `127.0.0.1:${devices}` },
    flows: ['flow.json'],
    fenceSets: { 'iron-ore-import': join(libraryFolder, 'iron-ore-import.json') },
    models: { folders: [fileURLToPath(repositoryBundles())], allowUnsigned: true },
  };
  writeFileSync(join(folder, 'box.json'), JSON.stringify(config));
  const start = () =>
    startChild(process.execPath, [program, 'edge', '--config', join(folder, 'box.json')], {
      folder,
      name: 'box',
    });
  let box = start();
  scope.defer(() => box.stop());
  const board = async () => {
    const answer = await fetch(`http://127.0.0.1:${http}/berth/board.json`);
    return ((await answer.json()) as { board: Board }).board;
  };
  const running = () =>
    board().then(
      () => true,
      () => undefined,
    );
  await Promise.race([box.died, until('the box', 60_000, running)]);
  log('starting the sensors: pictures are rendered, and the belt runs empty first');
  const devicesOf = startChild(
    process.execPath,
    [
      sensors,
      `mqtt://127.0.0.1:${devices}`,
      ...[ports, camera, ...(script === undefined ? [] : [script])].map((each) => JSON.stringify(each)),
    ],
    {
      folder,
      name: 'sensors',
      ipc: true,
    },
  );
  scope.defer(devicesOf.stop);
  await Promise.race([devicesOf.died, new Promise((resolve) => devicesOf.process.once('message', resolve))]);
  return {
    get box() {
      return box;
    },
    board,
    async killBox(darkSeconds) {
      const ended = new Promise((resolve) => box.process.once('exit', resolve));
      box.process.kill('SIGKILL');
      await ended;
      await sleep(darkSeconds * 1000);
      box = start();
      await Promise.race([box.died, until('the box', 60_000, running)]);
    },
  };
}
