import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryBundles } from '#models/runner/place';

/** The demo's sites: a gate at the quay, a yard inland, and an iron-ore berth for whoever asks for it. */
export const demoSites = [
  { id: 'gate-a', name: 'Gate A, quay', flows: ['gate-corridor', 'scanner-lane'] },
  { id: 'yard-b', name: 'Yard B, inland', flows: ['yard'] },
  { id: 'berth-c', name: 'Berth C, iron ore', flows: ['iron-ore-berth'] },
] as const;
/** What runs when no site is asked for: the physics of ore alone wants half a core. */
export const usualSites: readonly DemoSite[] = ['gate-a', 'yard-b'];
export type DemoSite = (typeof demoSites)[number]['id'];

/** Names of the flows that a site's box runs. */
export const flowsOf = (site: DemoSite): readonly string[] =>
  demoSites.find(({ id }) => id === site)?.flows ?? [];

/** Every address of the demo, from one base port, all on loopback. */
export interface DemoPorts {
  readonly screen: number;
  readonly broker: number;
  readonly enrolment: number;
  readonly boxes: Readonly<Record<DemoSite, { readonly devices: number; readonly http: number }>>;
  /** Where the pilot boat's receiver is reached, TCP. */
  readonly receiver: number;
  /** Where the scanner of gate A is reached, TCP. */
  readonly scanner: number;
  readonly berth: BerthPorts;
}

/** Where the sensors of berth C are reached, by node of its flow, TCP. */
export type BerthPorts = Readonly<
  Record<'scale' | 'nir' | 'xrf' | 'gamma' | 'dose' | 'camera' | 'sampler', number>
>;

export const portsFrom = (base: number): DemoPorts => ({
  screen: base,
  broker: base + 1,
  enrolment: base + 2,
  receiver: base + 3,
  boxes: {
    'gate-a': { devices: base + 4, http: base + 5 },
    'yard-b': { devices: base + 6, http: base + 7 },
    'berth-c': { devices: base + 9, http: base + 10 },
  },
  scanner: base + 8,
  berth: {
    scale: base + 11,
    nir: base + 12,
    xrf: base + 13,
    gamma: base + 14,
    dose: base + 15,
    camera: base + 16,
    sampler: base + 17,
  },
});

export const allPorts = (ports: DemoPorts): number[] => [
  ports.screen,
  ports.broker,
  ports.enrolment,
  ports.receiver,
  ports.scanner,
  ...Object.values(ports.berth),
  ...Object.values(ports.boxes).flatMap((box) => [box.devices, box.http]),
];

const loopback = (port: number) => `127.0.0.1:${port}`;

/** The flows, fences and map that the product ships, in its source tree. */
export const libraryFolder = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../flows/library/' : '../../../flows/library/',
    import.meta.url,
  ),
);

/** Places inside the data folder. */
export const places = (data: string) => ({
  hubConfig: join(data, 'hub.json'),
  hubData: join(data, 'hub'),
  boxConfig: (site: DemoSite) => join(data, `${site}.json`),
  boxData: (site: DemoSite) => join(data, site),
  flow: (name: string) => join(data, 'flows', `${name}.json`),
  /** Rendered scans of the lane's trucks. */
  lane: join(data, 'lane'),
  token: (site: DemoSite) => join(data, 'tokens', `${site}.token`),
  serialLine: join(data, 'yard-crane.tty'),
  /** What the trucks' traffic follows from. */
  traffic: join(data, 'traffic.json'),
  /** Where the ore belt of the berth stands. */
  belt: join(data, 'belt.json'),
  logs: join(data, 'logs'),
  lock: join(data, 'demo.lock'),
});

/** The hub's config, as `hub --config` reads it. */
export function hubConfig(data: string, ports: DemoPorts, sites: readonly DemoSite[]) {
  const at = places(data);
  const chosen = demoSites.filter((site) => sites.includes(site.id));
  return {
    name: 'Port of Lianhai (invented)',
    data: at.hubData,
    http: loopback(ports.screen),
    broker: loopback(ports.broker),
    enrolment: loopback(ports.enrolment),
    sites: chosen.map(({ id, name }) => ({ id, name })),
    enrolments: chosen.map(({ id }) => ({ name: id, site: id, file: at.token(id) })),
    // what positions say only when those of all boxes are seen together
    flows: [join(libraryFolder, 'port-watch.flow.yaml')],
    map: { port: join(libraryFolder, 'port.geojson'), fences: join(libraryFolder, 'fences.geojson') },
  };
}

/** A box's config, as `edge --config` reads it. */
export function boxConfig(data: string, ports: DemoPorts, site: DemoSite) {
  const at = places(data);
  return {
    name: site,
    site,
    data: at.boxData(site),
    enrolment: at.token(site),
    broker: { listen: loopback(ports.boxes[site].devices) },
    http: loopback(ports.boxes[site].http),
    flows: flowsOf(site).map(at.flow),
    // The repository's own models, which no hub has signed: what they find says so.
    ...(site !== 'yard-b'
      ? { models: { folders: [fileURLToPath(repositoryBundles())], allowUnsigned: true } }
      : {}),
    fenceSets: {
      fences: join(libraryFolder, 'fences.geojson'),
      ...(site === 'berth-c' ? { 'iron-ore-import': join(libraryFolder, 'iron-ore-import.json') } : {}),
    },
  };
}
