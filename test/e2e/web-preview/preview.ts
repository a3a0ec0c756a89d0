import type { Status } from '#flows/wire';
import { allRoles, mintSignIn } from '#hub/people';
import { places } from '#hub/places';
import { openSqliteStore } from '#hub/store/sqlite/sqlite';
import { type BoxLink, Chain, enrol, link } from '#test/support/box-client';
import { startHub, type TestHub, until } from '#test/support/hub';
import { layers } from './port.ts';
import { createCrowd, createTraffic, randomFrom, type Said } from './traffic.ts';

export interface PreviewOptions {
  readonly trucks?: number;
  /** Things beside the trucks. */
  readonly crowd?: number;
  /** Minutes of past that are there at the start. */
  readonly minutes?: number;
  readonly http?: string;
}

export interface Preview {
  readonly hub: TestHub;
  /** A one-time link for a browser. */
  link(): Promise<string>;
  /** Lets ten seconds of the port happen now. */
  step(): void;
  /** A tenth of the crowd moves. */
  move(): void;
  /** One box falls silent, as by a cut cable. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

const stepMs = 10_000;
const batchSize = 500;

/**
 * A real hub with two boxes on real links, an hour of past, and as much present as one wants: for
 * looking at the screen, and for tests of it at real densities. What the boxes say is invented here.
 */
export async function startPreview(options: PreviewOptions = {}): Promise<Preview> {
  const { trucks = 14, minutes = 60 } = options;
  const hub = await startHub(options.http ? { http: options.http, name: 'Port of Lianhai' } : {});
  await hub.api('/map', { method: 'PUT', body: JSON.stringify(layers) });
  const quay = await openBox(hub, 'gate-a-box', 'quay');
  const yard = await openBox(hub, 'yard-b-box', 'yard');
  const traffic = createTraffic(trucks, randomFrom(7));
  const now = Date.now();
  const past = { quay: [] as Said[], yard: [] as Said[] };
  for (let ms = now - minutes * 60_000; ms <= now; ms += stepMs) {
    const said = traffic.step(ms);
    past.quay.push(...said.quay);
    past.yard.push(...said.yard);
  }
  const crowd = createCrowd(options.crowd ?? 0, randomFrom(3));
  past.quay.push(...crowd.at(now - 5000));
  past.quay.push(gap(now));
  await Promise.all([quay.say(past.quay), yard.say(past.yard)]);
  quay.status();
  yard.status();
  return {
    hub,
    async link() {
      const store = openSqliteStore(places(hub.config.data).database);
      const token = await mintSignIn(
        store.people,
        { name: 'admin', roles: allRoles },
        Date.now() + 3_600_000,
      );
      await store.close();
      return `${hub.hub.url}/signin#${token}`;
    },
    step() {
      const said = traffic.step(Date.now());
      void quay.say(said.quay);
      void yard.say(said.yard);
      quay.status();
      yard.status();
    },
    move: () => void quay.say(crowd.step(Date.now())),
    cut: () => yard.link.close(),
    async close() {
      await Promise.all([quay.link.close(), yard.link.close()]);
      await hub.close();
    },
  };
}

const gap = (now: number): Said => ({
  priority: 'verdict',
  type: 'quaywatch.device.gap',
  subject: 'pilot-boat',
  time: new Date(now - 600_000).toISOString(),
  data: {
    from: new Date(now - 700_000).toISOString(),
    to: new Date(now - 600_000).toISOString(),
    reason: 'serial line lost',
    node: 'gate-corridor/boat',
  },
});

async function openBox(hub: TestHub, name: string, site: string) {
  const identity = await enrol(await hub.token(name, site), name);
  const box: BoxLink = await link(identity);
  const chain = new Chain(identity.box, site);
  const started = Date.now();
  let received = 0;
  return {
    link: box,
    async say(said: readonly Said[]) {
      for (const priority of ['alarm', 'verdict', 'telemetry'] as const) {
        const events = said
          .filter((each) => each.priority === priority)
          .map((each) => chain.event(priority, each));
        received += events.length;
        for (let i = 0; i < events.length; i += batchSize)
          box.sendBatch(chain.batch(priority, events.slice(i, i + batchSize)));
        const last = events.at(-1)?.sequence;
        if (last === undefined) continue;
        const stored = () => box.acknowledgements().some((a) => a.priority === priority && a.upto >= last);
        await until(stored, `the hub stores ${events.length} ${priority} events`, 60_000);
      }
    },
    status: () => box.send(statusOf(identity.box, site, name, received, Date.now() - started)),
  };
}

const statusOf = (box: string, site: string, name: string, received: number, upMs: number): Status => {
  const since = new Date(Date.now() - upMs).toISOString();
  const device = (node: string, driver: string, more: Partial<Status['devices'][number]>) => ({
    node: `${site}-corridor/${node}`,
    driver,
    device: node,
    state: 'live' as const,
    since,
    lastMessage: new Date(Date.now() - 1200).toISOString(),
    messages: received,
    errors: 0,
    ...more,
  });
  return {
    kind: 'status',
    box,
    site,
    name,
    time: new Date().toISOString(),
    uptimeS: 93_000 + upMs / 1000,
    version: '0.1.0',
    outbox: { pending: { alarm: 0, verdict: 1, telemetry: received % 37 }, bytes: 412_000, full: false },
    flows: [
      {
        id: `${site}-corridor`,
        version: 3,
        hash: 'c0ffee'.repeat(10),
        state: 'running',
        received,
        emitted: Math.round(received / 9),
        failed: 0,
        dropped: site === 'yard' ? 12 : 0,
      },
    ],
    devices: [
      device('trucks', 'mqtt-json', {}),
      device('seals', 'mqtt-json', {}),
      site === 'quay'
        ? device('pilot-boat', 'nmea', {
            errors: 3,
            state: 'stale',
            detail: 'No sentence for 40 s; the line is open.',
            lastMessage: new Date(Date.now() - 41_000).toISOString(),
          })
        : device('crane-1', 'nmea', {}),
    ],
    rssBytes: 88_400_000,
    lagMs: 4,
  };
};
