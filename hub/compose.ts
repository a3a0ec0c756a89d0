import { mkdir } from 'node:fs/promises';
import { type Logger, pino } from 'pino';
import { createApp } from './api/app.ts';
import { apiRoutes } from './api/routes.ts';
import type { StoredEvent } from './api/types.ts';
import { createAudit } from './audit.ts';
import { createBerths } from './berth/berths.ts';
import { createBoxes } from './boxes.ts';
import { createBundleSource } from './bundle-source.ts';
import { type HubConfig, parseAddress } from './config.ts';
import { createDeviceCommands } from './device-commands.ts';
import { openFenceSets } from './fences/open.ts';
import { lockFolder, writePrivate } from './files.ts';
import { composeFlows } from './flows/compose.ts';
import { createIngest } from './ingest/ingest.ts';
import { createLaboratory } from './laboratory/laboratory.ts';
import type { LinkEnds } from './link/ends.ts';
import { createLinks } from './link/links.ts';
import { listen } from './listen.ts';
import { createFollower } from './live/follower.ts';
import { createLive } from './live/live.ts';
import { createLiveObjects } from './live/objects.ts';
import { createMetrics } from './metrics.ts';
import { serveMetrics } from './metrics-server.ts';
import { allRoles, createPeople, mintSignIn } from './people.ts';
import { openAuthority } from './pki/authority.ts';
import { createEnrolment } from './pki/enrolment.ts';
import { createEnrolmentServer } from './pki/server.ts';
import { places } from './places.ts';
import { createRefusals } from './refusals.ts';
import { createReleases } from './releases.ts';
import { createScanFiles, type ScanLimits } from './scans/files.ts';
import { createScans, type Scans } from './scans/scans.ts';
import { composeSeries } from './series/compose.ts';
import { healthPoints } from './series/points.ts';
import { openStore } from './store/open.ts';
import { createTaps } from './taps.ts';
import { softwareVersion } from './version.ts';
import { createWatch, type Watch } from './watch/lists.ts';

const dayMs = 86_400_000;
const signInLifeMs = 3_600_000;

export interface Hub {
  /** Address of the screen. */
  readonly url: string;
  /** One-time sign-in link, as in the file `signIn`. */
  readonly signInUrl: string;
  /** Ports as they are bound. */
  readonly ports: {
    readonly http: number;
    readonly broker: number;
    readonly enrolment: number;
    readonly metrics?: number;
  };
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
  /** Other hubs may write to the same store. */
  const shared = config.store.postgres !== undefined;
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
  let follower: ReturnType<typeof createFollower> | undefined;
  const links = createLinks();
  const { send } = links;
  const { series, projector, closeSeries } = await composeSeries(config, files.series, store, (error) =>
    log.error({ err: error }, 'time series cannot be written'),
  );
  closers.push(closeSeries);

  const refused = createRefusals({
    now,
    warn: (fields, sentence) => log.warn(fields, sentence),
    raise: (emission) => ingest.raise(siteOf(emission.subject ?? '') ?? '', emission),
  });
  const counted: typeof refused = (box, problem) => {
    metrics.refused.inc({ code: problem.code });
    refused(box, problem);
  };
  /** To everybody who watches: events of one box and priority that are stored, in order. */
  function show(events: readonly StoredEvent[]): void {
    position = events.at(-1)?.position ?? position;
    const { box, site } = events[0]?.event ?? { box: '', site: '' };
    live.events(events, siteOf(box) ?? site);
    live.objects(objects.take(events, siteOf(box) ?? site), siteOf(box) ?? site);
    scans?.stored(events).catch(failed);
    commands.stored(events.map(({ event }) => event)).catch(failed);
  }
  const ingest = await createIngest({
    store,
    metrics,
    now,
    shared,
    hub: hubBox,
    sender: (box) => boxes.sender(box),
    acknowledge: (box, acknowledgement) => send(box, acknowledgement),
    onStored(events) {
      storeTrouble = undefined;
      watch?.take(events);
      if (follower) follower.poke();
      else show(events);
      projector.poke();
      flows?.runner.poke();
    },
    onMessage(message) {
      if (message.kind === 'status') {
        boxes.status(message);
        projector.add(healthPoints(message, siteOf(message.box) ?? message.site, now()));
      } else if (message.kind === 'command-report') commands.report(message).catch(failed);
      else if (message.kind === 'release-report') releases.report(message).catch(failed);
      else if (message.kind === 'bundle-fetch') {
        const { box } = message;
        bundles.piece(message).then((piece) => send(box, piece), failed);
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
  const ownFlows = await composeFlows({
    config,
    store,
    ingest,
    fenceSets,
    signer: authority.signer,
    audit,
    now,
    log,
    partitions: () => links.partitions(),
  });
  flows = ownFlows;
  closers.push(() => ownFlows.runner.close());

  const bundles = createBundleSource({
    folder: files.bundles,
    mayHave: (box, id, version) => releases.names(box, id, version),
  });
  const releases = await createReleases({
    store,
    bundle: bundles.named,
    bundles: bundles.list,
    fenceSets,
    signer: authority.signer,
    audit,
    now,
    shared,
    status: (box) => boxes.get(box)?.status,
    send,
    onChange: (box) => boxes.touched(box),
  });
  const commands = await createDeviceCommands({
    documents: store.documents,
    document: shared ? `device-commands.${hubBox}` : 'device-commands',
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
    shared: shared && config.kafka !== undefined,
    onChange(view, own) {
      if (own) links.tell(view);
      live.box(view);
      metrics.boxes.set(boxes.connected());
    },
    onFailure: failed,
  });
  closers.push(() => boxes.flush());

  watch = await createWatch({
    documents: store.documents,
    records: store.records,
    audit,
    now,
    hub: hubBox,
    raise: (site, emission) => ingest.raise(site, emission),
    onChange: (list) => live.watchList(list),
  });
  const watching = watch;
  const { save: saveWatch } = watching;
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
    send: (box, message) => !boxes.elsewhere(box) && send(box, message),
    boxes: () => links.boxes(),
    siteOf,
    watched: () => live.watched(),
    onScan: (view) => live.scan(view),
    onStrip: (to, message) => live.strip(to, message),
    onRefused: counted,
    onFailure: failed,
  });
  const showing = scans;
  closers.push(() => showing.close());
  const ends: LinkEnds = {
    onUp(box, payload) {
      boxes.heard(box);
      return ingest.take(box, payload);
    },
    onScans(box, bytes) {
      boxes.heard(box);
      return showing.payload(box, bytes);
    },
    onReady(box) {
      for (const acknowledgement of ingest.acknowledgements(box)) send(box, acknowledgement);
      releases.ready(box).catch(failed);
      commands.ready(box);
      showing.ready(box);
    },
    onLink: (box, state) => boxes.link(box, state),
    onRefused: counted,
  };
  closers.push(() => links.close());
  const brokerPort = await links.open({
    config,
    ends,
    authority,
    hub: hubBox,
    boxes,
    ingest,
    now,
    log,
    onPartitions: () => flows?.runner.poke(),
  });

  if (shared) {
    follower = createFollower({ records: store.records, from: position, onStored: show, onFailure: failed });
    closers.push(() => follower?.close());
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
    routes: (api) =>
      apiRoutes(api, {
        config,
        version,
        hub: hubBox,
        now,
        store,
        series,
        audit,
        people,
        boxes,
        enrolment,
        objects,
        live,
        layers,
        fenceSets,
        watch: watching,
        scans: showing,
        berths,
        commands,
        releases,
        bundles,
        laboratory: createLaboratory({
          ...{ folder: files.bundles, authority, audit, now, log },
          released: { all: releases.all, status: (box) => boxes.get(box)?.status },
        }),
        taps,
        flows: ownFlows,
        cut: (box) => links.cut(box),
      }),
  });
  const httpPort = await listen(app, config.http, 'the screen');
  closers.push(() => app.close());

  const figures = config.metrics === undefined ? undefined : await serveMetrics(metrics, config.metrics);
  closers.push(() => figures?.close());

  const timer = setInterval(() => {
    releases.resend().catch(failed);
    saveWatch().catch(failed);
    commands.tick().catch(failed);
    store.people.sweep(now()).catch(failed);
    series.sweep(now()).catch(failed);
  }, 30_000);
  const sweep = setInterval(() => shared && config.kafka && boxes.sweep(), 5000);
  for (const each of [timer, sweep]) closers.push(() => clearInterval(each));

  for (const { name, site, file } of config.enrolments) {
    if (boxes.list().some((box) => box.name === name && box.link !== 'revoked')) continue;
    await writePrivate(file, `${(await enrolment.invite(name, site, 'hub')).token}\n`);
  }
  const url = `http://${http.host === '0.0.0.0' ? '127.0.0.1' : http.host}:${httpPort}`;
  const token = await mintSignIn(store.people, { name: 'admin', roles: allRoles }, now() + signInLifeMs);
  const signInUrl = `${url}/signin#${token}`;
  await writePrivate(files.signIn, `${signInUrl}\n`);
  const ports = {
    http: httpPort,
    broker: brokerPort,
    enrolment: enrolmentPort,
    ...(figures && { metrics: figures.port }),
  };
  return { url, signInUrl, ports };
}
