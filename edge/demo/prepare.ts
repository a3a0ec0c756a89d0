import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { FlowDocument } from '#flows/flow';
import { isDriverNode } from '#flows/flow';
import { parseFlow } from '#flows/parse';
import { faults } from '../faults.ts';
import {
  allPorts,
  boxConfig,
  type DemoPorts,
  type DemoSite,
  demoSites,
  hubConfig,
  libraryFolder,
  places,
} from './layout.ts';
import { type Coordinate, type Path, toPath } from './path.ts';

const writeJson = (file: string, value: unknown): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
};

/** The shipped flow of a site, with its receivers where the demo's are. */
function flowOf(data: string, ports: DemoPorts, site: DemoSite): FlowDocument {
  const name = demoSites.find(({ id }) => id === site)?.flow;
  const parsed = parseFlow(readFileSync(join(libraryFolder, `${name}.flow.yaml`), 'utf8'));
  if ('problems' in parsed)
    throw faults.fault('demo.library', { what: `flow ${name}`, detail: parsed.problems[0]?.message ?? '' });
  const nodes = parsed.document.nodes.map((node) => {
    if (!isDriverNode(node) || node.driver !== 'nmea') return node;
    const { path: _, connect: __, ...config } = node.config;
    const wire =
      site === 'gate-a' ? { connect: `127.0.0.1:${ports.receiver}` } : { path: places(data).serialLine };
    return { ...node, config: { ...config, ...wire } };
  });
  return { ...parsed.document, nodes };
}

/** Writes every config of the demo below its data folder; what the hub and the boxes keep is left alone. */
export function writeConfigs(data: string, ports: DemoPorts, sites: readonly DemoSite[]): void {
  const at = places(data);
  mkdirSync(at.logs, { recursive: true, mode: 0o700 });
  writeJson(at.hubConfig, hubConfig(data, ports, sites));
  for (const site of sites) {
    writeJson(at.flow(site), flowOf(data, ports, site));
    writeJson(at.boxConfig(site), boxConfig(data, ports, site));
  }
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

interface Line {
  readonly properties: { readonly id?: string } | null;
  readonly geometry: { readonly type: string; readonly coordinates: readonly Coordinate[] };
}

/** The roads and tracks of the invented port, by id. */
export function readRoutes(): ReadonlyMap<string, Path> {
  const { features } = JSON.parse(readFileSync(join(libraryFolder, 'routes.geojson'), 'utf8')) as {
    features: readonly Line[];
  };
  return new Map(
    features.map(({ properties, geometry }) => [properties?.id ?? '', toPath(geometry.coordinates)] as const),
  );
}

export const random = (): number => randomInt(2 ** 40) / 2 ** 40;
