import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { until } from './hub.ts';

/** A real InfluxDB 1.x on loopback. */
export interface Influx {
  readonly url: string;
  stop(): Promise<void>;
}

/** Settings that the server has here as in docker-compose.yml: by the environment, and called without arguments. */
export const influxSettings = {
  INFLUXDB_REPORTING_DISABLED: 'true',
  INFLUXDB_MONITOR_STORE_ENABLED: 'false',
};

/** Undefined where it is not installed. */
export async function influxServer(): Promise<Influx | undefined> {
  if (!existsSync('/usr/bin/influxd')) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-influx-'));
  const [http, rpc] = [await freePort(), await freePort()];
  const own = {
    INFLUXDB_BIND_ADDRESS: `127.0.0.1:${rpc}`,
    INFLUXDB_META_DIR: join(folder, 'meta'),
    INFLUXDB_DATA_DIR: join(folder, 'data'),
    INFLUXDB_DATA_WAL_DIR: join(folder, 'wal'),
    INFLUXDB_DATA_SERIES_ID_SET_CACHE_SIZE: '100',
    INFLUXDB_HTTP_BIND_ADDRESS: `127.0.0.1:${http}`,
    INFLUXDB_HTTP_LOG_ENABLED: 'false',
  };
  const env = { PATH: process.env.PATH, HOME: folder, ...influxSettings, ...own };
  const server = spawn('influxd', [], { stdio: 'ignore', env });
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
