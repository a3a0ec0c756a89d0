import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '#test/support/free-port';
import { startHub, until } from '#test/support/hub';
import { quaywatch, temporaryFolder } from '#test/support/quaywatch';

const root = join(import.meta.dirname, '../..');
const readYaml = (file: string): unknown => parse(readFileSync(join(root, file), 'utf8'), { merge: true });
const { services } = readYaml('docker-compose.yml') as {
  services: { prometheus: { command: string[] } };
};
const { groups } = readYaml('deploy/alerts.yml') as {
  groups: { rules: { alert: string; expr: string }[] }[];
};
const rules = groups.flatMap((group) => group.rules);

test.runIf(existsSync('/usr/bin/prometheus'))(
  'a real Prometheus, called as in docker-compose.yml, reads a real hub and a real box, and every alert has its figures',
  { timeout: 120_000 },
  async () => {
    using folder = temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const hub = await startHub({ metrics: '127.0.0.1:0' });
    const [boxPort, port] = [await freePort(), await freePort()];
    await writeFile(
      at('box.json'),
      JSON.stringify({ name: 'box', data: 'box', http: `127.0.0.1:${boxPort}` }),
    );
    const box = quaywatch(['edge', '--config', at('box.json')]);

    const config = readFileSync(join(root, 'deploy/prometheus.yml'), 'utf8')
      .replace('"hub-1:9111", "hub-2:9111", "hub-3:9111"', `"127.0.0.1:${hub.hub.ports.metrics}"`)
      .replace('box:9110', `127.0.0.1:${boxPort}`)
      .replaceAll('15s', '1s');
    await writeFile(at('prometheus.yml'), config);
    await copyFile(join(root, 'deploy/alerts.yml'), at('alerts.yml'));
    const args = services.prometheus.command.map((argument) =>
      argument.replace('/etc/prometheus/', `${folder.path}/`).replace('=/prometheus', `=${at('tsdb')}`),
    );
    const prometheus = spawn('prometheus', [...args, `--web.listen-address=127.0.0.1:${port}`], {
      stdio: 'ignore',
    });
    try {
      const ask = async <T>(path: string): Promise<T | undefined> => {
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => undefined);
        return answer?.ok ? ((await answer.json()) as { data: T }).data : undefined;
      };
      const count = async (expression: string): Promise<number> => {
        const query = encodeURIComponent(`count(${expression})`);
        const data = await ask<{ result: { value: [number, string] }[] }>(`query?query=${query}`);
        return Number(data?.result[0]?.value[1] ?? 0);
      };
      await until(async () => (await count('up == 1')) === 2, 'hub and box are read');
      const named = rules.flatMap(({ expr }) => expr.match(/quaywatch_\w+(\{[^}]*\})?/g) ?? []);
      expect(named.length).toBeGreaterThanOrEqual(7);
      for (const selector of named) expect([selector, (await count(selector)) > 0]).toEqual([selector, true]);
      const loaded = await until(async () => {
        const data = await ask<{ groups: { rules: { name: string; health: string }[] }[] }>('rules');
        const all = data?.groups.flatMap((group) => group.rules) ?? [];
        return all.length > 0 && all.every(({ health }) => health !== 'unknown') ? all : undefined;
      }, 'the rules are evaluated');
      expect(loaded.map(({ name, health }) => `${name} ${health}`)).toEqual(
        rules.map(({ alert }) => `${alert} ok`),
      );
    } finally {
      const exited = new Promise((resolve) => prometheus.once('close', resolve));
      prometheus.kill('SIGKILL');
      await Promise.all([exited, box.stop(), hub.close()]);
    }
  },
);
