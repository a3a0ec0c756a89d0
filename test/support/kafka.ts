import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadKafka } from '#firmware-config/kafka/client';
import { freePort } from './free-port.ts';
import { until } from './hub.ts';

const run = promisify(execFile);
export const kafkaVersion = '3.9.1';
/** Settings that a broker has here as in docker-compose.yml. */
export const kafkaSettings = {
  'process.roles': 'broker,controller',
  'controller.listener.names': 'CONTROLLER',
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  'group.initial.rebalance.delay.ms': 0,
  'message.max.bytes': 4_000_000,
  'auto.create.topics.enable': false,
};
/** Kafka's jars, as `npm run setup:kafka -- --broker` leaves them. */
export const kafkaJars = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'quaywatch',
  `kafka-${kafkaVersion}`,
);

export interface TestKafka {
  /** Addresses of the brokers. */
  readonly brokers: string[];
  /** What it is, for the report of a run. */
  readonly what: string;
  /** Ends a broker at once, and starts it again on the same data. */
  kill(broker: number): Promise<void>;
  start(broker: number): Promise<void>;
  stop(): Promise<void>;
}

/** Apache Kafka in KRaft mode with so many brokers; undefined where its jars or the client are not there. */
export async function testKafka(brokers = 1): Promise<TestKafka | undefined> {
  return existsSync(kafkaJars) && (await loadKafka()) ? realKafka(brokers) : undefined;
}

async function realKafka(count: number): Promise<TestKafka> {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-kafka-'));
  const ports = await Promise.all(
    Array.from({ length: count }, async () => [await freePort(), await freePort()]),
  );
  const voters = ports.map(([, controller], n) => `${n + 1}@127.0.0.1:${controller}`).join(',');
  const replicas = Math.min(3, count);
  const configOf = (n: number) => join(folder, `server-${n}.properties`);
  const children: (ChildProcess | undefined)[] = [];
  const java = (...args: string[]) => [
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    `${kafkaJars}/*`,
    ...args,
  ];
  const cluster = 'cXVheXdhdGNoLXRlc3QtYQ';

  ports.forEach(([port, controller], n) => {
    const lines = {
      ...kafkaSettings,
      'node.id': n + 1,
      'controller.quorum.voters': voters,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
      'log.dirs': join(folder, `data-${n}`),
      'offsets.topic.replication.factor': replicas,
      'offsets.topic.num.partitions': 4,
      'transaction.state.log.replication.factor': replicas,
      'transaction.state.log.min.isr': 1,
      'min.insync.replicas': Math.max(1, replicas - 1),
    };
    writeFileSync(
      configOf(n),
      Object.entries(lines)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
  });
  for (let n = 0; n < count; n += 1)
    await run('java', java('kafka.tools.StorageTool', 'format', '-t', cluster, '-c', configOf(n)));

  const logOf = (n: number) => join(folder, `broker-${n}.log`);
  async function start(n: number): Promise<void> {
    const log = openSync(logOf(n), 'w');
    const options = java('-Dorg.slf4j.simpleLogger.defaultLogLevel=info', 'kafka.Kafka', configOf(n));
    children[n] = spawn('java', options, { stdio: ['ignore', log, log] });
  }
  const up = (n: number) =>
    until(
      () => {
        const text = readFileSync(logOf(n), 'utf8');
        if (children[n]?.exitCode != null) throw new Error(`Kafka ended:\n${text.slice(-3000)}`);
        return text.includes('Kafka Server started');
      },
      'Kafka has started',
      120_000,
    );
  async function end(n: number, signal: NodeJS.Signals): Promise<void> {
    const child = children[n];
    if (!child || child.exitCode !== null) return;
    const exited = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await exited;
  }
  const all = ports.map((_, n) => n);
  await Promise.all(all.map(start));
  await Promise.all(all.map(up));
  return {
    brokers: ports.map(([port]) => `127.0.0.1:${port}`),
    what: `Apache Kafka ${kafkaVersion}, ${count} broker${count > 1 ? 's' : ''}`,
    kill: (n) => end(n, 'SIGKILL'),
    async start(n) {
      await start(n);
      await up(n);
    },
    async stop() {
      await Promise.all(all.map((n) => end(n, 'SIGKILL')));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
