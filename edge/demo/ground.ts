import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { faults } from '../faults.ts';
import { allPorts, type DemoPorts, type DemoSite, hubConfig, places } from './layout.ts';

/** What the demo stands on, looked at before anything heavy is loaded. */

const neededMib = 400;

/** Throws `demo.disk` when the data folder's disk is all but full. */
export async function checkSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeMib = Math.floor((bavail * bsize) / 2 ** 20);
  if (freeMib < neededMib) throw faults.fault('demo.disk', { folder, free: freeMib, needed: neededMib });
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** Throws `demo.port` for the first port of the demo that something else uses. */
export async function checkPorts(ports: DemoPorts): Promise<void> {
  for (const port of allPorts(ports)) {
    if (!(await listens(port))) throw faults.fault('demo.port', { port });
  }
}

/** Writes a file for its owner alone, with its folder. */
export function writeJson(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

/** Writes what the hub of the demo is configured with; what it keeps is left alone. */
export function writeHubConfig(data: string, ports: DemoPorts, sites: readonly DemoSite[]): void {
  const at = places(data);
  mkdirSync(at.logs, { recursive: true, mode: 0o700 });
  writeJson(at.hubConfig, hubConfig(data, ports, sites));
}

/** Whether a box of the demo has its identity, and so can start without waiting for the hub. */
export const isEnrolled = (data: string, site: DemoSite): boolean =>
  existsSync(join(places(data).boxData(site), 'identity', 'identity.json'));
