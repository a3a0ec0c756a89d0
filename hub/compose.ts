import { mkdir } from 'node:fs/promises';
import { type Logger, pino } from 'pino';
import type { Downward } from '#flows/wire';
import { createApp } from './api/app.ts';
import { berthRoutes } from './api/berths.ts';
import { boxRoutes } from './api/boxes.ts';
import { commandRoutes } from './api/commands.ts';
import { eventRoutes } from './api/events.ts';
import { fenceSetRoutes } from './api/fence-sets.ts';
import { hubFlowRoutes } from './api/hub-flows.ts';
import { liveRoutes } from './api/live.ts';
import { mapRoutes } from './api/map.ts';
import { objectRoutes } from './api/objects.ts';
import { overviewRoutes } from './api/overview.ts';
import { releaseRoutes } from './api/releases.ts';
import { scanRoutes } from './api/scans.ts';
import { seriesRoutes } from './api/series.ts';
import { sessionRoutes } from './api/session.ts';
import { trackQueryRoutes } from './api/track-queries.ts';
import { watchRoutes } from './api/watch-lists.ts';
import { createAudit } from './audit.ts';
import { createBerths } from './berth/berths.ts';
import { createBoxes } from './boxes.ts';
import { createBundleSource } from './bundle-source.ts';
import { type HubConfig, parseAddress } from './config.ts';
import { createDeviceCommands } from './device-commands.ts';
import { openFenceSets } from './fences/open.ts';
import { lockFolder, writePrivate } from './files.ts';
import type { composeFlows } from './flows/compose.ts';
import { createIngest } from './ingest/ingest.ts';
import { type Broker, openBroker } from './link/broker.ts';
import type { LinkEnds } from './link/ends.ts';
import { type KafkaHubLink, openKafkaLink } from './link/kafka.ts';
import { listen } from './listen.ts';
import { createLive } from './live/live.ts';
import { createLiveObjects } from './live/objects.ts';
import { createMetrics } from './metrics.ts';
import { allRoles, createPeople, mintSignIn } from './people.ts';
import { openAuthority } from './pki/authority.ts';
import { createEnrolment } from './pki/enrolment.ts';
import { createEnrolmentServer } from './pki/server.ts';
import { createRefusals } from './refusals.ts';
import { createReleases } from './releases.ts';
import { createScanFiles, type ScanLimits } from './scans/files.ts';
import { createScans, type Scans } from './scans/scans.ts';
import { openSeries } from './series/open.ts';
import { healthPoints } from './series/points.ts';
import { createProjector } from './series/projector.ts';
import { openStore } from './store/open.ts';
import { createTaps } from './taps.ts';
import { softwareVersion } from './version.ts';
import { createWatch, type Watch } from './watch/lists.ts';

const dayMs = 86_400_000;
const signInLifeMs = 3_600_000;
/** Batches of boxes are smaller by far; a release is limited by the API. */
const maxPacketBytes = 4_000_000;

/** Files in the data folder. */
export const places = (data: string) => ({
  database: `${data}/hub.sqlite`,
  series: `${data}/series.sqlite`,
  keys: `${data}/keys`,
  /** Files of scans, a folder a box. */
  scans: `${data}/scans`,
  /** Bundles that were imported, signed. */
  bundles: `${data}/bundles`,
  /** The one-time link of this start, mode 0600. */
  signIn: `${data}/sign-in.url`,
});

export interface Hub {
  /** Address of the screen. */
  readonly url: string;
  /** One-time sign-in link, as in the file `signIn`. */
  readonly signInUrl: string;
  /** Ports as they are bound. */
  readonly ports: { readonly http: number; readonly broker: number; readonly enrolment: number };
  close(): Promise<void>;
}

/**
 * Puts a hub together and starts it: everything that has effects is made here, in the order in which it
 * is needed, and closed in the opposite order.
 */
export async function composeHub(config: HubConfig, log: Logger = stderrLog()): Promise<Hub> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await start(config, log, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

const stderrLog = (): Logger => pino({ level: 'warn', base: null }, pino.destination({ fd: 2, sync: true }));

async function start(
  config: HubConfig,
  log: Logger,
  closers: (() => unknown)[],
): Promise<Omit<Hub, 'close'>> {
  const now = Date.now;
  const hubBox = `hub-${config.number}`;
  const files = places(config.data);
  const version = await softwareVersion();
  const http = parseAddress(config.http);
  const hosts = [...config.hostnames, parseAddress(config.broker).host, 'localhost', '127.0.0.1'];
  const host = hosts[0] === '0.0.0.0' ? '127.0.0.1' : (hosts[0] ?? '127.0.0.1');
  const failed = (error: unknown) => log.error({ err: error }, 'the store failed');

  await mkdir(config.data, { recursive: true, mode: 0o700 });
  closers.push(lockFolder(config.data));
  const store = await openStore(config, files.database);
  closers.push(() => store.close());
  const audit = createAudit(store.audit, now);
  const authority = await openAuthority(config.keys ?? files.keys, [...new Set(hosts)]);
  const metrics = createMetrics();
  let storeTrouble: string | undefined;
  let scans: Scans | undefined;
  let watch: Watch | undefined;
  let flows: Awaited<ReturnType<typeof composeFlows>> | undefined;

  const live = createLive({ metrics, now, position: () => position, onWatch: () => scans?.watch() });
  closers.push(() => live.close());
  let position = await store.records.position();
  const objects = createLiveObjects(await store.objects.at(now(), dayMs));
  const siteOf = (box: string) => boxes.siteOf(box);
  let broker: Broker | undefined;
  let kafka: KafkaHubLink | undefined;
  /** By whichever link the box came. False when it is not connected. */
  const send = (box: string, message: Downward): boolean =>
    (broker?.send(box, message) || kafka?.send(box, message)) ?? false;
  const series = await openSeries(config.series, files.series);
  closers.push(() => series.close());
  const projector = createProjector({
    records: store.records,
    documents: store.documents,
    series,
    onFailure: (error) => log.error({ err: error }, 'time series cannot be written'),
  });
  closers.push(() => projector.close());

  const refused = createRefusals({
    now,
    warn: (fields, sentence) => log.warn(fields, sentence),
    raise: (emission) => ingest.raise(siteOf(emission.subject ?? '') ?? '', emission),
  });
  const counted: typeof refused = (box, problem) => {
    metrics.refused.inc({ code: problem.code });
    refused(box, problem);
  };
  const ingest = await createIngest({
    store,
    metrics,
    now,
    shared: config.store.postgres !== undefined,
    hub: hubBox,
    sender: (box) => boxes.sender(box),
    acknowledge: (box, acknowledgement) => send(box, acknowledgement),
    onStored(events) {
      storeTrouble = undefined;
      position = events.at(-1)?.position ?? position;
      const { box, site } = events[0]?.event ?? { box: '', site: '' };
      live.events(events, siteOf(box) ?? site);
      live.objects(objects.take(events, siteOf(box) ?? site), siteOf(box) ?? site);
      scans?.stored(events).catch(failed);
      watch?.take(events);
      projector.poke();
      flows?.runner.poke();
      commands.stored(events.map(({ event }) => event)).catch(failed);
    },
    onMessage(message) {
      if (message.kind === 'status') {
        boxes.status(message);
        projector.add(healthPoints(message, siteOf(message.box) ?? message.site, now()));
      } else if (message.kind === 'command-report') commands.report(message).catch(failed);
      else if (message.kind === 'release-report') releases.report(message).catch(failed);
      else if (message.kind === 'bundle-fetch') {
        const { box } = message;
        bundles.piece(message).then((piece) => broker?.send(box, piece), failed);
      } else {
        taps.report(message);
        berths.report(message);
      }
    },
    onRefused: refused,
    onFailure(error) {
      storeTrouble = error instanceof Error ? error.message : String(error);
      failed(error);
    },
  });
  closers.push(() => ingest.idle());

  const { fenceSets, layers } = await openFenceSets({ config, store, audit, now, onChange: live.map });
  const bundles = createBundleSource({
    folder: files.bundles,
    mayHave: (box, id, version) => releases.names(box, id, version),
  });
  const releases = await createReleases({
    store,
    bundle: bundles.named,
    fenceSets,
    signer: authority.signer,
    audit,
    now,
    status: (box) => boxes.get(box)?.status,
    send,
    onChange: (box) => boxes.touched(box),
  });
  const commands = await createDeviceCommands({
    documents: store.documents,
    signer: authority.signer,
    audit,
    now,
    status: (box) => boxes.get(box)?.status,
    siteOf,
    send,
    raise: (site, emission) => ingest.raise(site, emission),
  });
  const taps = createTaps({
    signer: authority.signer,
    now,
    send,
    deliver: (client, report) => live.tap(client, report),
  });
  const berths = createBerths({ records: store.records, signer: authority.signer, now, send });
  const boxes = await createBoxes({
    store,
    now,
    watermarks: (box) => ingest.watermarks(box),
    release: (box) => releases.view(box),
    onChange(view) {
      live.box(view);
      metrics.boxes.set(boxes.list().filter(({ link }) => link === 'connected').length);
    },
    onFailure: failed,
  });

  watch = await createWatch({
    documents: store.documents,
    records: store.records,
    audit,
    now,
    hub: `hub-${config.number}`,
    raise: (site, emission) => ingest.raise(site, emission),
    onChange: (list) => live.watchList(list),
  });
  const { save: saveWatch } = watch;
  closers.push(() => saveWatch());
  const { fetch: fetchWhat = 'all', maxScanBytes = 0, ...limits } = config.scans;
  const scanFiles = await createScanFiles(files.scans, store.scans, limits as ScanLimits);
  scans = createScans({
    store: store.scans,
    files: scanFiles,
    fetchAll: fetchWhat === 'all',
    maxScanBytes,
    signer: authority.signer,
    now,
    send,
    boxes: () => [...(broker?.boxes() ?? []), ...(kafka?.boxes() ?? [])],
    siteOf,
    watched: () => live.watched(),
    onScan: (view) => live.scan(view),
    onStrip: (to, message) => live.strip(to, message),
    onRefused: counted,
    onFailure: failed,
  });
  const { payload, ready } = scans;
  closers.push(() => scans?.close());
  const ends: LinkEnds = {
    onUp(box, payload) {
      boxes.heard(box);
      return ingest.take(box, payload);
    },
    onScans(box, bytes) {
      boxes.heard(box);
      return payload(box, bytes);
    },
    onReady(box) {
      for (const acknowledgement of ingest.acknowledgements(box)) send(box, acknowledgement);
      releases.ready(box);
      commands.ready(box);
      ready(box);
    },
    onLink: (box, state) => boxes.link(box, state),
    onRefused: counted,
  };
  broker = await openBroker({
    ...parseAddress(config.broker),
    ...ends,
    authority,
    maxPacketBytes,
    admit: (box, fingerprint) => boxes.admit(box, fingerprint),
  });
  const brokerPort = broker.port;
  closers.push(() => broker?.close());
  if (config.kafka) {
    kafka = await openKafkaLink({
      ...ends,
      config: config.kafka,
      id: `hub-${config.number}`,
      signer: authority.signer,
      now,
      sender: (box) => boxes.sender(box),
      onFailure: (error) => log.warn({ err: error }, 'Kafka'),
      lookUp: () => boxes.refresh(),
      takeOver: async () => {
        await boxes.refresh();
        await ingest.refresh();
      },
      settled: () => ingest.settled(),
    });
    closers.push(() => kafka?.close());
  }

  let enrolmentPort = 0;
  const enrolment = createEnrolment({
    store,
    authority,
    audit,
    now,
    addresses: () => ({
      enrolment: `https://${host}:${enrolmentPort}`,
      broker: `mqtts://${host}:${brokerPort}`,
    }),
    onBox: (box) => boxes.add(box),
  });
  const enrolmentServer = await createEnrolmentServer(authority, enrolment, log);
  enrolmentPort = await listen(enrolmentServer, config.enrolment, 'enrolment');
  closers.push(() => enrolmentServer.close());

  const people = createPeople(store.people, audit, now, config.sessionHours * 3_600_000);
  const app = await createApp({
    log,
    people: store.people,
    metrics,
    now,
    version,
    trouble: () => storeTrouble,
    routes(api) {
      const { sites } = config;
      sessionRoutes(api, people);
      overviewRoutes(api, { hub: { name: config.name, version }, sites, boxes, records: store.records, now });
      boxRoutes(api, { boxes, enrolment, audit, sites, cut: (box) => broker?.cut(box) });
      eventRoutes(api, store.records, siteOf);
      seriesRoutes(api, series);
      objectRoutes(api, { store: store.objects, records: store.records, live: objects, now });
      trackQueryRoutes(api, { ...store, feature: (id) => fenceSets.feature(id) }, now);
      mapRoutes(api, { documents: store.documents, first: layers, sets: fenceSets, audit });
      fenceSetRoutes(api, fenceSets);
      if (watch) watchRoutes(api, watch);
      if (scans) scanRoutes(api, scans, audit);
      berthRoutes(api, { ...berths, boxes, now });
      commandRoutes(api, { commands, boxes });
      releaseRoutes(api, { boxes, releases, bundles, taps, live });
      if (flows) hubFlowRoutes(api, hubBox, flows.releases, flows.runner);
      liveRoutes(api, live, store.people, now);
    },
  });
  const httpPort = await listen(app, config.http, 'the screen');
  closers.push(() => app.close());

  const timer = setInterval(() => {
    releases.resend();
    saveWatch().catch(failed);
    commands.tick().catch(failed);
    store.people.sweep(now()).catch(failed);
    series.sweep(now()).catch(failed);
  }, 30_000);
  closers.push(() => clearInterval(timer));

  for (const { name, site, file } of config.enrolments) {
    if (boxes.list().some((box) => box.name === name && box.link !== 'revoked')) continue;
    await writePrivate(file, `${(await enrolment.invite(name, site, 'hub')).token}\n`);
  }
  const url = `http://${http.host === '0.0.0.0' ? '127.0.0.1' : http.host}:${httpPort}`;
  const token = await mintSignIn(store.people, { name: 'admin', roles: allRoles }, now() + signInLifeMs);
  const signInUrl = `${url}/signin#${token}`;
  await writePrivate(files.signIn, `${signInUrl}\n`);
  return { url, signInUrl, ports: { http: httpPort, broker: brokerPort, enrolment: enrolmentPort } };
}
