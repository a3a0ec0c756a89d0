import type { LiveMessage, MapLayers } from '#hub/api/types';
import { openSocket } from '../api/socket.ts';
import { digest } from './digest.ts';
import type { Screen } from './screen.ts';

const playStepMs = 200;

/** Joins the screen to the hub while someone is signed in; what it returns ends that. */
export function runScreen(screen: Screen, browser: Window & typeof globalThis): () => void {
  const { address, cursor, feed, objects, alarms, fleet, scan, scans, timeline } = screen;
  const models = [objects, alarms, fleet, feed, scans, scan];
  const ends: (() => void)[] = [];
  let position = 0;
  const loadMap = () => {
    screen.client.get<MapLayers>('/map').then(screen.layers.set, () => undefined);
  };

  const onMessages = (messages: readonly LiveMessage[]) => {
    const news = digest(messages, position);
    position = news.position;
    if (news.time !== undefined) screen.offset.set(news.time - Date.now());
    objects.arrive(news.objects);
    fleet.arrive(news.boxes);
    alarms.arrive(news.events);
    feed.arrive(news.events);
    scans.arrive(news.scans);
    scan.arrive(news.scans);
    timeline.arrive(news.events);
    if (news.skipped > 0) screen.skipped.set(screen.skipped.get() + news.skipped);
    if (news.map || news.refetch) loadMap();
    if (news.watch || news.refetch) void screen.designated.load();
    if (news.refetch) for (const model of models) model.catchUp();
  };
  const socket = openSocket({
    url: `${browser.location.origin.replace(/^http/, 'ws')}/api/v1/live`,
    open: (url) => new browser.WebSocket(url),
    now: Date.now,
    random: Math.random,
    onMessages,
    onStrip: scans.strip,
    onStatus: (status) => {
      screen.link.set(status);
      // A session that ended looks like a lost link: ask, and the answer says which.
      if (status.state === 'lost') screen.client.get('/session').catch(() => undefined);
    },
  });
  ends.push(() => socket.close());

  // Telemetry is the bulk of the stream; it is asked for only where it is listed. Objects come in any case.
  let telemetry: boolean | undefined;
  let watched = scans.watched.get();
  const watch = () => {
    const { area, filters } = address.get();
    const wanted =
      area === 'events' && (filters.priorities.length === 0 || filters.priorities.includes('telemetry'));
    if (wanted === telemetry && watched === scans.watched.get()) return;
    watched = scans.watched.get();
    socket.watch({
      priorities: wanted ? ['alarm', 'verdict', 'telemetry'] : ['alarm', 'verdict'],
      scans: watched,
    });
    if (wanted && wanted !== telemetry) feed.catchUp();
    telemetry = wanted;
  };
  watch();
  ends.push(address.subscribe(watch), scans.watched.subscribe(watch));

  const showScan = () => {
    const { area, scan: open, selection } = address.get();
    scan.show(area === 'scans' && open ? open : selection?.kind === 'scan' ? selection : undefined);
  };
  showScan();
  ends.push(address.subscribe(showScan));

  // The gallery is asked for when it is first opened.
  const showScans = () => {
    if (address.get().area === 'scans') scans.show(address.get().filters, shownAt());
  };

  const shownAt = () => {
    const now = cursor.get();
    return now.mode === 'past' ? now.at : undefined;
  };
  const show = () => {
    const at = shownAt();
    const now = cursor.get();
    for (const model of [objects, alarms, fleet]) model.show(at);
    feed.show(address.get().filters, at, now.mode === 'past' && now.playing);
    showScans();
  };
  let [filters, at, area] = [address.get().filters, shownAt(), address.get().area];
  ends.push(
    cursor.subscribe(() => {
      if (shownAt() === at) return;
      at = shownAt();
      show();
    }),
    address.subscribe(() => {
      const next = address.get();
      if (next.filters !== filters || (next.area !== area && next.area === 'scans')) showScans();
      area = next.area;
      if (next.filters === filters) return;
      filters = next.filters;
      feed.show(filters, shownAt());
    }),
  );

  const seconds = browser.setInterval(() => {
    screen.present.set(screen.hubNow());
    if (cursor.get().mode === 'live') screen.moment.set(screen.hubNow());
  }, 1000);
  const hours = browser.setInterval(() => timeline.loadHour(screen.hubNow()), 15_000);
  const plays = browser.setInterval(() => screen.moveTime({ kind: 'elapsed', ms: playStepMs }), playStepMs);
  ends.push(() => {
    for (const timer of [seconds, hours, plays]) browser.clearInterval(timer);
  });

  const pop = () => screen.readAddress();
  browser.addEventListener('popstate', pop);
  ends.push(() => browser.removeEventListener('popstate', pop));

  for (const model of [objects, alarms, fleet]) model.catchUp();
  show();
  timeline.loadHour(screen.hubNow());
  loadMap();
  void screen.designated.load();
  return () => {
    for (const end of ends) end();
  };
}
