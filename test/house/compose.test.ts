import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '#edge/config';
import { readHubConfig } from '#hub/config';
import { createMetrics } from '#hub/metrics';
import { kafkaSettings, kafkaVersion } from '#test/support/kafka';

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
});

describe('Prometheus', () => {
  const present = existsSync('/usr/bin/promtool');
  const run = promisify(execFile);
  test.skipIf(!present)('promtool takes the config and its rules', async () => {
    const { stdout } = await run('promtool', ['check', 'config', join(root, 'deploy/prometheus.yml')]);
    expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
  });

  test('rules speak of figures that hubs and boxes have', () => {
    const { groups } = parse(readFileSync(join(root, 'deploy/alerts.yml'), 'utf8')) as {
      groups: { rules: { alert: string; expr: string }[] }[];
    };
    const box = readFileSync(join(root, 'edge/metrics.ts'), 'utf8');
    const hub = new Set(
      createMetrics()
        .registry.getMetricsAsArray()
        .map(({ name }) => name),
    );
    for (const { expr } of groups.flatMap(({ rules }) => rules))
      for (const name of expr.match(/quaywatch_\w+/g) ?? [])
        expect(hub.has(name) || box.includes(`'${name}'`), name).toBe(true);
  });
});
