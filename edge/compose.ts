import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Registry } from 'prom-client';
import { PictureRing } from '#drivers/picture-ring';
import type { BoxConfig } from '#firmware-config/box';
import { nativeSigner } from '#firmware-config/ed25519';
import { softwareOf } from '#firmware-config/slots/layout';
import type { Problem } from '#flows/fault';
import type { Status } from '#flows/wire';
import { type HostPort, parseAddress } from './address.ts';
import { openBerth } from './berth/berth.ts';
import { DeviceBroker } from './broker/broker.ts';
import { Commander } from './control/commander.ts';
import { Ledger, ledgerOwner } from './control/ledger.ts';
import { Attempts } from './deploy/attempts.ts';
import { beginRelease } from './deploy/begin.ts';
import { BundleFetcher } from './deploy/bundle-fetcher.ts';
import { Deploy } from './deploy/deploy.ts';
import { KnownGood, settledMs } from './deploy/known-good.ts';
import { Reading } from './deploy/reading.ts';
import { ReleaseStore } from './deploy/release-store.ts';
import { ReleasedBundles } from './deploy/released-bundles.ts';
import { PreparedSets } from './fences/fences.ts';
import { Frames } from './frames.ts';
import { healthOf } from './health.ts';
import { json, serve } from './http.ts';
import { identify } from './identify.ts';
import { type Identity, IdentityStore } from './identity.ts';
import type { FileDamage } from './kept-file.ts';
import { openModels } from './models.ts';
import { oreModels } from './ore.ts';
import { traceparents } from './outbox/event-text.ts';
import { Outbox } from './outbox/outbox.ts';
import { boxFlow } from './runner/notices.ts';
import { Runner } from './runner/runner.ts';
import type { Emit } from './scans/announce.ts';
import { Scans } from './scans/scans.ts';
import { ScanSender } from './scans/sender.ts';
import { judgeLeftOvers, patienceMs } from './scans/unjudged.ts';
import { secretsOf } from './secrets.ts';
import { confirmTrial, settling } from './settle.ts';
import { thumbnailsOf } from './thumbnails.ts';
import { keepTime } from './time/keep.ts';
import { pinned } from './uplink/commands.ts';
import { Taps } from './uplink/taps.ts';
import { Uplink } from './uplink/uplink.ts';
import { softwareVersion } from './version.ts';

export interface Box {
  readonly identity: Identity;
  /** Where health and metrics are, and where devices publish. */
  readonly ports: { readonly http: number; readonly broker?: number };
  readonly runner: Runner;
  readonly outbox: Outbox;
  readonly scans: Scans;
  /** Resolves when the box was enrolled meanwhile and is to be composed again. */
  readonly enrolled: Promise<void>;
  status(): Status;
  /** Soft: sources stop, what they brought is committed and, if there is a link, sent. */
  stop(): Promise<void>;
}

/** How often commands to devices are looked at whose time may be over, ms. */
const commanderTickMs = 250;

/** How often is looked whether the box has settled, ms. */
const settleTickMs = 5000;
/** Health after which a version of the software on trial is confirmed, ms. */
const trialMs = 60_000;

/** What a box says that no event can: problems of its surroundings, each once. */
export type Say = (problem: Problem) => void;

/**
 * The composition root: makes everything that a box consists of and starts it in order. The config's
 * folder is locked by the caller. Throws a Fault when something that the box cannot be without fails.
 */
export async function composeBox(config: BoxConfig, say: Say): Promise<Box> {
  const closers: Closers = [];
  try {
    return await start(config, say, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Memory for the newest pictures of all cameras: half a minute of one at 5 pictures of 640 x 480 a second. */
const pictureBytes = 128 * 1024 * 1024;

/** What was opened, in order; closed in the opposite one. */
type Closers = (() => unknown)[];

async function closeAll(closers: Closers): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

async function start(config: BoxConfig, say: Say, closers: Closers): Promise<Box> {
  const random = Math.random;
  const damages: FileDamage[] = [];
  const identities = new IdentityStore(config.data, (damage) => damages.push(damage));
  const { identity, enroller } = await identify(config, identities, random, say);
  const { clock, asOf, stop } = keepTime(config.data, identity.hub);
  closers.push(stop);

  const folder = join(config.data, 'outbox');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { box, site, hub } = identity;
  const { maxBytes, groupMs, groupMessages, reserveBytes, stopFreeBytes, resumeFreeBytes } =
    config.outbox as Required<BoxConfig['outbox']>;
  const outbox = new Outbox({
    folder,
    origin: { box, site },
    ...(identity.former !== undefined && { former: identity.former }),
    maxBytes,
    reserve: {
      bytes: reserveBytes,
      stopFreeBytes,
      resumeFreeBytes: Math.max(stopFreeBytes, resumeFreeBytes),
    },
    now: () => clock.now(),
    traceparent: traceparents(random),
  });
  closers.push(() => outbox.close());

  const listen = config.broker && (parseAddress(config.broker.listen) as HostPort);
  const broker = listen && new DeviceBroker({ listen });
  let uplink: Uplink | undefined;
  // Its first words are of what the last run has left; the runner that takes them comes right after.
  const said: Parameters<Emit>[] = [];
  let emit: Emit = (...words) => said.push(words);
  const scans = new Scans({
    folder: join(config.data, 'scans'),
    limits: config.scans as Required<BoxConfig['scans']>,
    now: () => clock.now(),
    emit: (...words) => emit(...words),
  });
  closers.push(() => scans.stop());
  const pictures = new PictureRing(pictureBytes);
  const frames = new Frames(scans, pictures);
  if (broker) closers.push(() => broker.close());
  const bundles = join(config.data, 'bundles');
  const [releases, knownGood] = [
    new ReleaseStore(config.data, (damage) => damages.push(damage)),
    new KnownGood(config.data),
  ];
  const attempts = new Attempts(config.data);
  const readings = new Attempts(config.data, 'reading');
  const { crashes: maxCrashes = 0, crashesPerHour: maxCrashesPerHour = 0 } = config.recovery;
  const kept = { releases, knownGood, attempts, readings };
  const begun = beginRelease({ ...kept, maxCrashes, maxCrashesPerHour, bundles });
  const reading = new Reading(readings, maxCrashes);
  const models = await openModels({
    config: config.models as Required<BoxConfig['models']>,
    released: bundles,
    frames,
    releaseKey: hub?.releaseKey,
    say,
  });
  // Closed after the flows: what they had under way is looked at again after the next start.
  closers.push(() => models.close());
  const about = () => ({ box, site, name: config.name });
  const berth = openBerth({ data: config.data, clock, runner: () => runner, about });
  closers.push(() => berth.close());
  const runner = new Runner({
    outbox,
    clock,
    groupMs,
    groupMessages,
    ...(broker ? { broker } : {}),
    random,
    secret: secretsOf(config.secrets),
    scans,
    pictures,
    onCommit(events) {
      if (events.some(({ flow }) => flow.id !== boxFlow.id)) deploy.progressed();
      for (const { flow, emission } of events) {
        if (emission.type === 'quaywatch.scan.verdict') scans.judged(String(emission.data.scan));
        berth.take(flow.id, emission);
      }
      uplink?.poke();
    },
    onHealth: () => uplink?.touchStatus(),
    see: (message) => commander.see(message),
  });
  const commander = new Commander({
    ledger: new Ledger({
      stored: outbox.restore(ledgerOwner)?.entries ?? [],
      write: (emissions, changes) => runner.group.record(emissions, changes),
    }),
    now: () => clock.now(),
    commands: (flow, node) => runner.commands(flow, node),
    order: (flow, node, order) => runner.command(flow, node, order),
    report: (report) => uplink?.report(report),
    say,
  });
  const commanderTimer = setInterval(() => commander.tick(), commanderTickMs);

  for (const damage of damages) runner.damaged({ ...damage });
  emit = (...words) => runner.group.notice(...words);
  for (const words of said) emit(...words);

  closers.push(
    () => uplink?.stop(),
    () => runner.stop(),
    () => {
      clearInterval(commanderTimer);
      commander.stop();
    },
  );
  const fetcher = new BundleFetcher({
    ask: (range) => uplink?.report({ kind: 'bundle-fetch', box, ...range }) ?? false,
    monotonic: () => clock.monotonic(),
  });
  const released = new ReleasedBundles({
    folder: bundles,
    fetcher,
    verifier: pinned(hub?.releaseKey ?? ''),
    now: () => clock.now(),
    use: (folder) => models.use(folder),
    say,
  });
  const prepared = new PreparedSets();
  const ore = oreModels(frames, models.tables);
  const deploy = new Deploy({
    resources: { frames, ore, ...models.resources, thumbnails: thumbnailsOf(pictures) },
    prepared,
    bundles: (...wanted) => released.bring(...wanted),
    runner,
    outbox,
    releases,
    begun,
    knownGood,
    attempts,
    reading,
    maxCrashes,
    notice: (emission) => runner.group.notice(emission),
    now: () => clock.now(),
    box,
    report: (report) => {
      uplink?.report(report);
      uplink?.touchStatus();
    },
  });
  const taps = new Taps({
    box,
    watch: (flow, node, port, take) => runner.tap(flow, node, port, take),
    report: (report) => uplink?.report(report),
  });

  closers.push(
    () => taps.stop(),
    () => deploy.stop(),
    () => prepared.close(),
  );
  const version = softwareVersion();
  const status = (): Status => ({
    kind: 'status',
    box,
    site,
    name: config.name,
    time: new Date(clock.now()).toISOString(),
    uptimeS: Math.round(process.uptime()),
    version,
    outbox: outbox.fill(),
    flows: runner.status(),
    devices: runner.devices(),
    models: models.health(),
    rssBytes: process.memoryUsage.rss(),
    lagMs: runner.lagMs(),
  });

  if (hub) {
    const keys = identities.keys();
    uplink = new Uplink({
      outbox,
      credentials: () => ({
        box,
        broker: hub.broker,
        authority: hub.authority,
        certificate: hub.certificate,
        key: keys.tls,
      }),
      ...(config.kafka && { kafka: config.kafka }),
      ...(config.mqtt && { mqtt: config.mqtt }),
      releaseKey: hub.releaseKey,
      signer: nativeSigner(keys.signing),
      ...config.uplink,
      random,
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      asOf,
      status,
      reading,
      onRelease: (release) => void deploy.take(release),
      onBundle: (piece) => fetcher.take(piece),
      onCommand: (command) => commander.take(command),
      onTap: (command) => taps.start(command),
      onScans: (message) => sender.take(message),
      onProblem: (problem, of) => {
        if (of === undefined) say(problem);
        else deploy.refuse(of, problem);
      },
      onDiverged: (held) =>
        runner.damaged({ detail: 'The disk has lost events that the hub has.', held, upto: outbox.sequence }),
      onUp: () => {
        sender.restart();
        deploy.linkUp();
      },
    });
    const up = uplink;
    const sender = new ScanSender({
      scans,
      link: {
        send: (payload) => up.sendScans(payload),
        get backlogBytes() {
          return up.backlogBytes;
        },
      },
      bytesPerSecond: config.scans.fetchBytesPerSecond ?? 0,
      monotonic: () => clock.monotonic(),
    });
    closers.push(() => sender.stop());
  }

  await deploy.start(config.flows, config.fenceSets);
  closers.push(
    judgeLeftOvers({
      scans,
      emit,
      now: () => clock.now(),
      waitMs: patienceMs(runner.documents().values()),
    }),
  );
  const look = settling({
    healthy: () => healthOf(runner, outbox).healthy,
    received: () => runner.status().reduce((sum, flow) => sum + flow.received, 0),
    monotonic: () => clock.monotonic(),
    goals: [
      {
        afterMs: trialMs,
        reached: () => confirmTrial(softwareOf(fileURLToPath(import.meta.url)), config.data),
      },
      { afterMs: settledMs, reached: () => deploy.settle() },
    ],
  });
  const settleTimer = setInterval(look, settleTickMs);
  settleTimer.unref();
  // Closed first: a soft stop is no crash, whatever else goes wrong in it.
  closers.push(() => {
    clearInterval(settleTimer);
    knownGood.end();
  });
  // Devices come in when what takes their messages is there.
  await broker?.listen();
  // Loaded with the first scrape: a box that nobody scrapes does without.
  let metrics: Promise<Registry> | undefined;
  const linkUp = () => uplink?.state.state === 'connected';
  const openMetrics = async () => {
    const { createMetrics } = await import('./metrics.ts');
    return createMetrics({ runner, outbox, broker, scans, status, linkUp });
  };
  const http = await serve(parseAddress(config.http) as HostPort, {
    ...berth.pages,
    '/metrics': async () => {
      metrics ??= openMetrics();
      const registry = await metrics;
      return { status: 200, type: registry.contentType, body: await registry.metrics() };
    },
    '/health': () => {
      const health = healthOf(runner, outbox);
      return json(health.healthy ? 200 : 503, health);
    },
    '/status': () => json(200, { ...status(), uplink: uplink?.state, refusal: uplink?.refusal }),
  });
  closers.push(() => http.close());
  uplink?.start();
  const enrolled = new Promise<void>((resolve) => {
    if (!hub) enroller?.keepTrying(resolve);
  });
  closers.push(() => enroller?.stop());

  return {
    identity,
    ports: { http: http.port, ...(broker ? { broker: broker.port } : {}) },
    runner,
    outbox,
    scans,
    enrolled,
    status,
    stop: () => closeAll(closers),
  };
}
