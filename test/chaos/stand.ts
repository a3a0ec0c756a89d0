import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { freePort } from '#test/support/free-port';
import { quaywatchProgram } from '../bench/path/program.ts';
import { until } from '../bench/path/wait.ts';
import type { Scope } from '../bench/scope.ts';
import { type Control, openControl } from './control.ts';
import { flows, sessions } from './flows.ts';
import { HubApi } from './hub-api.ts';
import { openLink, type WeatherLink } from './link.ts';
import { Program } from './program.ts';

/** Real processes, and the links between them. */
export interface Stand {
  readonly folder: string;
  readonly box: Program;
  readonly hub: Program;
  /** Brokers between devices and box: one that only stops, and one that is killed. */
  readonly kept: Program;
  readonly killed: Program;
  readonly links: Readonly<Record<'uplink' | 'devices' | 'trucks' | 'kept' | 'killed', WeatherLink>>;
  readonly ports: { readonly kept: number; readonly killed: number; readonly broker: number };
  /** Absent without a C compiler. */
  readonly control: { readonly box: Control; readonly hub: Control } | undefined;
  readonly data: { readonly box: string; readonly hub: string };
  /** File for the log of writes of the box's next life; empty: none is kept. */
  recordTo: string;
  readonly api: HubApi;
  readonly boxId: string;
  readonly boxHttp: string;
  readonly flows: readonly object[];
}

export interface StandOptions {
  readonly folder: string;
  readonly random: () => number;
  readonly shim: string | undefined;
  readonly scope: Scope;
  readonly boxConfig?: Readonly<Record<string, unknown>>;
}

/** Generous: the machine may be busy with other things. */
const startMs = 240_000;

const node = (folder: string, name: string, args: readonly string[], env?: () => NodeJS.ProcessEnv) =>
  new Program({
    name,
    command: process.execPath,
    args: [quaywatchProgram, ...args],
    log: join(folder, `${name}.log`),
    ...(env ? { env } : {}),
  });

function mosquitto(folder: string, name: string, port: number): Program {
  const home = join(folder, name);
  mkdirSync(home);
  const config = [
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'max_inflight_messages 0',
    'max_queued_messages 0',
    'persistence true',
    `persistence_location ${home}/`,
    'autosave_interval 1',
  ];
  writeFileSync(join(home, 'mosquitto.conf'), `${config.join('\n')}\n`);
  return new Program({
    name,
    command: 'mosquitto',
    args: ['-c', join(home, 'mosquitto.conf')],
    log: join(folder, `${name}.log`),
  });
}

/** Starts everything; the box is enrolled and dials the hub through a link when it resolves. */
export async function openStand({ folder, random, shim, scope, boxConfig }: StandOptions): Promise<Stand> {
  const ports: number[] = [];
  while (ports.length < 8) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const [http, hubBroker, enrolment, boxHttp, boxBroker, jt808, keptPort, killedPort] = ports as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const data = { box: join(folder, 'box'), hub: join(folder, 'hub') };
  const token = join(folder, 'box.token');
  writeJson(join(folder, 'hub.json'), {
    name: 'Chaos',
    data: data.hub,
    http: `127.0.0.1:${http}`,
    broker: `127.0.0.1:${hubBroker}`,
    enrolment: `127.0.0.1:${enrolment}`,
    sites: [{ id: 'chaos', name: 'Chaos' }],
    enrolments: [{ name: 'box', site: 'chaos', file: token }],
  });
  const control =
    shim === undefined
      ? undefined
      : {
          box: openControl(join(folder, 'box.control'), shim, data.box),
          hub: openControl(join(folder, 'hub.control'), shim, data.hub),
        };
  if (control) scope.defer(() => [control.box, control.hub].map((one) => one.close()));
  const link = async (target: number) => {
    const proxy = await openLink(0, target, random);
    scope.defer(() => proxy.close());
    return proxy;
  };
  const links = {
    uplink: await link(hubBroker),
    devices: await link(boxBroker),
    trucks: await link(jt808),
    kept: await link(keptPort),
    killed: await link(killedPort),
  };
  const documents = flows({ trucks: jt808, kept: links.kept.port, killed: links.killed.port });
  const files = documents.map((flow, at) => {
    const file = join(folder, `flow-${at}.json`);
    writeJson(file, flow);
    return file;
  });
  writeJson(join(folder, 'box.json'), {
    name: 'box',
    data: data.box,
    enrolment: token,
    recovery: { crashesPerHour: 0 }, // whoever ends the box here is no flow
    http: `127.0.0.1:${boxHttp}`,
    broker: { listen: `127.0.0.1:${boxBroker}` },
    flows: files,
    ...boxConfig,
  });
  const hub = node(folder, 'hub', ['hub', '--config', join(folder, 'hub.json')], () => ({
    ...control?.hub.env,
  }));
  const box = node(folder, 'box-log', ['edge', '--config', join(folder, 'box.json')], () => ({
    ...control?.box.env,
    ...(stand.recordTo === '' ? {} : { QW_LOG: stand.recordTo }),
  }));
  const kept = mosquitto(folder, 'broker-kept', keptPort);
  const killed = mosquitto(folder, 'broker-killed', killedPort);
  const programs = [kept, killed, hub, box];
  scope.defer(() => Promise.all(programs.map((program) => program.close())));
  const api = new HubApi(`http://127.0.0.1:${http}`, join(data.hub, 'sign-in.url'));
  const stand = {
    folder,
    box,
    hub,
    kept,
    killed,
    links,
    control,
    data,
    recordTo: '',
    api,
    boxId: '',
    boxHttp: `http://127.0.0.1:${boxHttp}`,
    ports: { kept: keptPort, killed: killedPort, broker: hubBroker },
    flows: documents,
  };
  for (const program of [kept, killed, hub]) program.start();
  await until('the hub', startMs, async () => ((await api.ask('/boxes')) ? true : undefined));
  await openSession(keptPort, sessions.kept, 'kept/#');
  await openSession(killedPort, sessions.killed, 'killed/#');
  box.start();
  const identity = join(data.box, 'identity', 'identity.json');
  const enrolled = await until('the box to enrol', startMs, () => readIdentity(identity));
  await box.kill();
  writeJson(identity, {
    ...enrolled,
    hub: { ...enrolled.hub, broker: `mqtts://127.0.0.1:${links.uplink.port}` },
  });
  // The box would put back from it what is changed here.
  rmSync(`${identity}.copy`, { force: true });
  stand.boxId = enrolled.box;
  box.kills = 0;
  box.start();
  await until('the box to dial through the link', startMs, () => links.uplink.bytes > 0 || undefined);
  return stand;
}

/** A broker keeps nothing for a session that was never there. */
async function openSession(port: number, clientId: string, topic: string): Promise<void> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId, clean: false });
  await client.subscribeAsync(topic, { qos: 1 });
  await client.endAsync();
}

const writeJson = (file: string, value: unknown) =>
  writeFileSync(file, JSON.stringify(value), { mode: 0o600 });

function readIdentity(file: string): { box: string; hub: object } | undefined {
  try {
    const identity = JSON.parse(readFileSync(file, 'utf8')) as { box: string; hub?: object };
    return identity.hub ? { ...identity, hub: identity.hub } : undefined;
  } catch {
    return undefined; // it is not there yet
  }
}
