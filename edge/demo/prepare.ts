import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { buildNetwork, type RoadNetwork } from '#flows/roads/network';
import { readRoadFile } from '../roads/read.ts';
import { berthFlow } from './berth/flow.ts';
import { writeJson } from './ground.ts';
import { boxConfig, type DemoPorts, type DemoSite, flowsOf, libraryFolder, places } from './layout.ts';
import { type Coordinate, type Path, toPath } from './path.ts';

/** As much of a flow document as is changed here; the box checks the whole of it. */
interface Flow {
  readonly nodes: readonly {
    readonly id: string;
    readonly driver?: string;
    readonly config: Record<string, unknown>;
  }[];
}

/** What the demo's box takes of its camera. */
const demoCamera = { fps: 5, maxWidth: 640, maxHeight: 480 };

/** A shipped flow of a site, with its receivers and scanners where the demo's are. */
function flowOf(data: string, ports: DemoPorts, site: DemoSite, name: string): Flow {
  const flow = parse(readFileSync(join(libraryFolder, `${name}.flow.yaml`), 'utf8')) as Flow;
  const nodes = flow.nodes.map((node) => {
    const { path: _, connect: __, ...config } = node.config;
    if (node.driver === 'linescan')
      return { ...node, config: { ...config, connect: `127.0.0.1:${ports.scanner}` } };
    if (node.driver !== 'nmea') return node;
    const wire =
      site === 'gate-a' ? { connect: `127.0.0.1:${ports.receiver}` } : { path: places(data).serialLine };
    return { ...node, config: { ...config, ...wire } };
  });
  return { ...flow, nodes };
}

/** Writes what the boxes of the demo are configured with; what they keep is left alone. */
export function writeBoxConfigs(data: string, ports: DemoPorts, sites: readonly DemoSite[]): void {
  const at = places(data);
  for (const site of sites) {
    for (const name of flowsOf(site)) {
      const flow = site === 'berth-c' ? berthFlow(ports.berth, demoCamera) : flowOf(data, ports, site, name);
      writeJson(at.flow(name), flow);
    }
    writeJson(at.boxConfig(site), boxConfig(data, ports, site));
  }
}

interface Line {
  readonly properties: { readonly id?: string } | null;
  readonly geometry: { readonly type: string; readonly coordinates: readonly Coordinate[] };
}

/** What the invented port's trucks drive on. */
export const readRoads = async (): Promise<RoadNetwork> =>
  buildNetwork(await readRoadFile(join(libraryFolder, 'roads.geojson')));

/** The ways of what keeps to one, by id. */
export function readRoutes(): ReadonlyMap<string, Path> {
  const { features } = JSON.parse(readFileSync(join(libraryFolder, 'routes.geojson'), 'utf8')) as {
    features: readonly Line[];
  };
  return new Map(
    features.map(({ properties, geometry }) => [properties?.id ?? '', toPath(geometry.coordinates)] as const),
  );
}
