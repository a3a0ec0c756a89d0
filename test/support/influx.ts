import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './hub.ts';
import { freePort } from './quaywatch.ts';

/** A real InfluxDB 1.x on loopback. */
export interface Influx {
  readonly url: string;
  stop(): Promise<void>;
}

/** Config of the server: everything in one folder, nothing but loopback. */
export const influxConfig = (folder: string, http: number, rpc: number): string => `
reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  series-id-set-cache-size = 100
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[monitor]
  store-enabled = false
`;

/** Undefined where it is not installed. */
export async function influxServer(): Promise<Influx | undefined> {
  if (!existsSync('/usr/bin/influxd')) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-influx-'));
  const [http, rpc] = [await freePort(), await freePort()];
  writeFileSync(join(folder, 'influxdb.conf'), influxConfig(folder, http, rpc));
  const server = spawn('influxd', ['-config', join(folder, 'influxdb.conf')], { stdio: 'ignore' });
  const exited = new Promise((resolve) => server.once('close', resolve));
  const url = `http://127.0.0.1:${http}`;
  await until(
    () =>
      fetch(`${url}/ping`).then(
        ({ ok }) => ok,
        () => false,
      ),
    'InfluxDB answers',
  );
  return {
    url,
    async stop() {
      server.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
