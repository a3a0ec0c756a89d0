import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '#edge/config';
import { readHubConfig } from '#hub/config';
import { freePort } from '#test/support/free-port';
import { influxSettings } from '#test/support/influx';
import { kafkaSettings, kafkaVersion } from '#test/support/kafka';
import { postgresPrograms } from '#test/support/postgres';

const root = join(import.meta.dirname, '../..');
interface Service {
  readonly image?: string;
  readonly command?: string[];
  readonly environment?: Record<string, string>;
  readonly volumes?: string[];
  readonly ports?: string[];
  readonly depends_on?: Record<string, { condition: string }>;
  readonly healthcheck?: { test: string[] };
}
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, object>;
};
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  test('has all of it: brokers, databases, three hubs, a box', () => {
    expect(Object.keys(compose.services).sort()).toEqual(
      ['box', 'hub-1', 'hub-2', 'hub-3', 'influxdb', 'kafka', 'postgres', 'prometheus'].sort(),
    );
  });

  test.each(services)('%s: what it names is there, and only loopback is published', (_, service) => {
    expect(service.image).toMatch(/^[\w./-]+(:[\w.-]+)?$/);
    for (const volume of service.volumes ?? []) {
      const [from = ''] = volume.split(':');
      expect(from.startsWith('./') ? existsSync(join(root, from)) : from in compose.volumes, volume).toBe(
        true,
      );
    }
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(other in compose.services, other).toBe(true);
      if (condition === 'service_healthy') expect(compose.services[other]?.healthcheck, other).toBeDefined();
    }
  });

  test('hubs and box are called as they are natively, and their configs are right', async () => {
    const [hubs, box] = [services.filter(([name]) => name.startsWith('hub-')), compose.services.box];
    const numbers: number[] = [];
    for (const [name, { command }] of hubs) {
      expect(command).toEqual(['hub', '--config', `/etc/quaywatch/${name}.yaml`]);
      const config = await readHubConfig(join(root, 'deploy', `${name}.yaml`));
      numbers.push(config.number);
      expect(config.store.postgres).toBe('postgres://quaywatch@postgres:5432/quaywatch');
      expect(config.kafka?.partitions).toBeGreaterThanOrEqual(hubs.length);
    }
    expect(numbers).toEqual([1, 2, 3]);
    expect(box?.command?.slice(0, 2)).toEqual(['edge', '--config']);
    const config = loadConfig(join(root, 'deploy', basename(box?.command?.[2] ?? '')));
    expect(config.kafka?.brokers).toEqual(['kafka:9092']);
  });

  test('Kafka has the settings and the version that tests run', () => {
    const { image, environment = {} } = compose.services.kafka ?? {};
    expect(image).toBe(`apache/kafka:${kafkaVersion}`);
    const told = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name
          .replace(/^KAFKA_/, '')
          .toLowerCase()
          .replaceAll('_', '.'),
        value,
      ]),
    );
    for (const [name, value] of Object.entries(kafkaSettings))
      expect([name, told[name]]).toEqual([name, `${value}`]);
  });

  test('InfluxDB is called with the settings that tests run', () => {
    const { command, environment } = compose.services.influxdb ?? {};
    expect(command).toEqual(['influxd']);
    expect(environment).toEqual(influxSettings);
  });

  test('PostgreSQL is the version that tests run, with the user and the database that hubs are told of', async () => {
    const { image, environment, command } = compose.services.postgres ?? {};
    expect(command).toBeUndefined();
    const { POSTGRES_USER: user, POSTGRES_DB: name, ...rest } = environment ?? {};
    expect(rest).toEqual({ POSTGRES_HOST_AUTH_METHOD: 'trust' });
    const { store } = await readHubConfig(join(root, 'deploy/hub-1.yaml'));
    expect(store.postgres).toBe(`postgres://${user}@postgres:5432/${name}`);
    const version = /postgresql\/(\d+)\//.exec(postgresPrograms() ?? '')?.[1];
    if (version !== undefined) expect(image).toBe(`postgres:${version}`);
  });

  test('the image runs what tests run: the built command line', () => {
    const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
    const entry = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(`exec ${entry.join(' ')}`).toBe(scripts.quaywatch);
  });

  test('a hub is healthy when it answers, by the very command of its health check', {
    timeout: 60_000,
  }, async () => {
    const [, program = '', ...args] = compose.services['hub-1']?.healthcheck?.test ?? [];
    const server = createServer((request, response) =>
      response.writeHead(request.url === '/health' ? 200 : 404).end(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = (server.address() as AddressInfo).port;
    const check = (at: number) =>
      promisify(execFile)(
        program,
        args.map((argument) => argument.replace('127.0.0.1:8080', `127.0.0.1:${at}`)),
      );
    await check(port);
    server.close();
    await expect(check(await freePort())).rejects.toThrow();
  });

  test('Prometheus asks hubs where they tell it without a sign-in, and the box where it listens', async () => {
    const { scrape_configs: jobs } = parse(readFileSync(join(root, 'deploy/prometheus.yml'), 'utf8')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const targets = jobs.flatMap((job) => job.static_configs.flatMap((one) => one.targets));
    const wanted: string[] = [];
    for (const name of ['hub-1', 'hub-2', 'hub-3']) {
      const { metrics } = await readHubConfig(join(root, 'deploy', `${name}.yaml`));
      wanted.push(`${name}:${metrics?.replace('0.0.0.0:', '')}`);
    }
    wanted.push(`box:${loadConfig(join(root, 'deploy/box.yaml')).http.replace('0.0.0.0:', '')}`);
    expect(targets).toEqual(wanted);
  });
});

describe('Prometheus', () => {
  const present = existsSync('/usr/bin/promtool');
  const run = promisify(execFile);
  test.skipIf(!present)('promtool takes the config and its rules', async () => {
    const { stdout } = await run('promtool', ['check', 'config', join(root, 'deploy/prometheus.yml')]);
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  test.skipIf(!present)('every alert fires on what it is for, and not on what is well', async () => {
    const file = join(root, 'deploy/alerts.test.yml');
    const { stdout } = await run('promtool', ['test', 'rules', file]);
    expect(stdout).toContain('SUCCESS');
    const rules = parse(readFileSync(join(root, 'deploy/alerts.yml'), 'utf8')) as {
      groups: { rules: { alert: string }[] }[];
    };
    const { tests } = parse(readFileSync(file, 'utf8')) as {
      tests: { alert_rule_test: { alertname: string; exp_alerts: object[] }[] }[];
    };
    const fired = tests
      .flatMap((one) => one.alert_rule_test)
      .filter((one) => one.exp_alerts.length > 0)
      .map((one) => one.alertname);
    const alerts = rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert));
    expect([...new Set(fired)].sort()).toEqual(alerts.sort());
  });
});
