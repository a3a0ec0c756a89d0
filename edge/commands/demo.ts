import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkPorts, checkSpace, isEnrolled, writeHubConfig } from '../demo/ground.ts';
import { type DemoSite, demoSites, places, portsFrom, usualSites } from '../demo/layout.ts';
import type { Path } from '../demo/path.ts';
import { supervise } from '../demo/supervised.ts';
import { faults } from '../faults.ts';
import { lockFolder } from '../lock.ts';
import { type Command, type CommandIo, UsageError } from './command.ts';
import { parseCall } from './parse-call.ts';

const defaultPort = 8080;
const trucks = 18;
const random = (): number => randomInt(2 ** 40) / 2 ** 40;
const program = fileURLToPath(new URL('../../quaywatch.js', import.meta.url));

interface Call {
  readonly data: string;
  readonly port: number;
  readonly sites: readonly DemoSite[];
}

function read(args: string[]): Call {
  const { values } = parseCall(() =>
    parseArgs({
      args,
      options: { sites: { type: 'string' }, data: { type: 'string' }, port: { type: 'string' } },
    }),
  );
  const known = demoSites.map(({ id }) => id);
  const asked = values.sites?.split(',').map((name) => name.trim()) ?? usualSites;
  const sites = asked.map((name) => {
    const site = known.find((id) => id === name);
    if (!site) throw new UsageError(`There is no site ${name}: ${known.join(', ')}.`);
    return site;
  });
  const port = Number(values.port ?? defaultPort);
  if (!Number.isInteger(port) || port < 1 || port > 65_000)
    throw new UsageError(`--port ${values.port} is no port.`);
  return { data: resolve(values.data ?? 'data'), port, sites };
}

/** The running demo: hub, boxes, devices. */
async function run({ data, port, sites }: Call, io: CommandIo): Promise<number> {
  const begun = performance.now();
  const say = (line: string) => io.stderr.write(`${line}\n`);
  const step = (line: string) =>
    say(`${((performance.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${line}`);
  const ports = portsFrom(port);
  const at = places(data);
  await checkPorts(ports);
  writeHubConfig(data, ports, sites);

  const onFall = (name: string, why: string) =>
    say(`${name} ended (${why}) and is started again; see ${at.logs}.`);
  const start = (name: string, args: string[], readyLine: RegExp) =>
    supervise({ name, args: [program, ...args], logFile: `${at.logs}/${name}.log`, readyLine, onFall });

  const running: { stop(): Promise<void> }[] = [];
  try {
    const hub = start('hub', ['hub', '--config', at.hubConfig], /sign in once with (\S+)/);
    running.push(hub);
    const hubReady = hub.ready.then((said) => {
      step('The hub runs.');
      return said[1] ?? '';
    });
    hubReady.catch(() => {}); // awaited below, and what is loaded meanwhile may take longer
    // The hub starts on one core while what else is needed is loaded on another.
    const { readRoads, readRoutes, writeBoxConfigs } = await import('../demo/prepare.ts');
    writeBoxConfigs(data, ports, sites);
    const boxes = sites.map(async (site) => {
      if (!isEnrolled(data, site)) await hubReady; // it hands over the token
      const box = start(site, ['edge', '--config', at.boxConfig(site)], /runs: http port/);
      running.unshift(box);
      await box.ready;
      step(`The box ${site} runs.`);
    });
    const { startDevices } = await import('../demo/devices.ts');
    const { trafficOf } = await import('../demo/kept-traffic.ts');
    const [signIn] = await Promise.all([hubReady, ...boxes]);
    const ways = chooseWays(readRoutes());
    const roads = await readRoads();
    const origin = trafficOf(at.traffic, Date.now(), random);
    running.unshift(
      await startDevices({ ports, sites, roads, origin, ...ways, serialLine: at.serialLine, trucks, random }),
    );
    if (sites.includes('gate-a')) {
      const { startLane } = await import('../demo/lane/lane.ts');
      running.unshift(
        await startLane({
          port: ports.scanner,
          broker: `mqtt://127.0.0.1:${ports.boxes['gate-a'].devices}`,
          folder: at.lane,
          random,
          onReady: (problem) =>
            step(
              problem
                ? `The scanner lane has no trucks: ${problem}`
                : 'A simulated truck drives into the scanner lane of gate A, one each half minute.',
            ),
        }),
      );
    }
    if (sites.includes('berth-c')) {
      const { startBerth } = await import('../demo/berth/berth.ts');
      running.unshift(
        await startBerth({
          ports: ports.berth,
          kept: at.belt,
          camera: { width: 640, height: 360, fps: 5 },
          broker: `mqtt://127.0.0.1:${ports.boxes['berth-c'].devices}`,
          onReady: () =>
            step(
              `Simulated ore is on the belt of berth C; its own box shows it too: http://127.0.0.1:${ports.boxes['berth-c'].http}/berth`,
            ),
        }),
      );
    }
    step(`${trucks} simulated trucks with seals, a pilot boat and a yard crane are on their wires.`);
    say(
      `\nThe screen:      http://127.0.0.1:${port}\nSign in (once):  ${signIn}\nData and logs:   ${data}\nStop:            Ctrl-C\n`,
    );
    if (!io.signal.aborted)
      await new Promise((done) => io.signal.addEventListener('abort', done, { once: true }));
    say('Stopping: devices, boxes, hub.');
    return 0;
  } finally {
    for (const each of running) await each.stop();
  }
}

function chooseWays(all: ReadonlyMap<string, Path>): { patrol: Path; craneway: Path } {
  const one = (id: string): Path => {
    const path = all.get(id);
    if (!path) throw faults.fault('demo.library', { what: 'roads', detail: `there is no ${id}` });
    return path;
  };
  return { patrol: one('patrol'), craneway: one('craneway') };
}

/** `quaywatch demo`: what `npm start` runs. */
export const command: Command = {
  name: 'demo',
  summary: 'Runs a hub and boxes with every device simulated on real wires, in one data folder.',
  usage: `demo [--sites ${demoSites.map(({ id }) => id).join(',')}] [--data DIR] [--port N]`,
  async run(args, io) {
    const call = read(args);
    mkdirSync(call.data, { recursive: true, mode: 0o700 });
    await checkSpace(call.data);
    let unlock: () => void;
    try {
      unlock = lockFolder(call.data);
    } catch (error) {
      throw faults.fault('demo.running', { folder: call.data, port: call.port }, undefined, error);
    }
    try {
      return await run(call, io);
    } finally {
      unlock();
    }
  },
};
