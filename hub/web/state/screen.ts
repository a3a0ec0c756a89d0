import type { ApiProblem, MapLayers, Session } from '#hub/api/types';
import { type Client, createClient, problemOf } from '../api/client.ts';
import type { LinkStatus } from '../api/socket.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import { createAlarmsModel } from './alarms-model.ts';
import { type Cursor, type CursorAction, momentOf, moveCursor } from './cursor.ts';
import { createDesignatedModel } from './designated-model.ts';
import { createFeedModel } from './feed-model.ts';
import { createFleetModel } from './fleet-model.ts';
import { createObjectsModel } from './objects-model.ts';
import { createScanModel } from './scan-model.ts';
import { createScansModel } from './scans-model.ts';
import { createStore } from './store.ts';
import { createTimelineModel } from './timeline-model.ts';

export type SignIn =
  | { readonly state: 'unknown' }
  | { readonly state: 'out'; readonly problem?: ApiProblem; readonly ended: boolean }
  | { readonly state: 'in'; readonly session: Session };

export type Screen = ReturnType<typeof createScreen>;

/** All that the screen knows and does, without a pixel: made once, in main.tsx. */
export function createScreen(browser: Window & typeof globalThis) {
  const { history, location } = browser;
  const address = createStore<Address>(parseAddress(location.pathname, location.search));
  const signIn = createStore<SignIn>({ state: 'unknown' });
  const client: Client = createClient(
    (input, init) => browser.fetch(input, init),
    () => {
      if (signIn.get().state === 'in') signIn.set({ state: 'out', ended: true });
    },
  );
  const link = createStore<LinkStatus>({ state: 'connecting', since: Date.now() });
  /** Events that the hub could not hand over, since the screen was opened. */
  const skipped = createStore(0);
  /** The hub's clock minus this machine's, ms. */
  const offset = createStore(0);
  const hubNow = () => Date.now() + offset.get();
  const cursor = createStore<Cursor>(cursorOf(address.get(), hubNow()));
  /** The moment that everything is shown at, ms; live, it moves on each second. */
  const moment = createStore(momentOf(cursor.get(), hubNow()));
  /** The present by the hub's clock, ms, each second. */
  const present = createStore(hubNow());
  const layers = createStore<MapLayers | undefined>(undefined);
  const designated = createDesignatedModel(client);
  const objects = createObjectsModel(client);
  const fleet = createFleetModel(client);
  const feed = createFeedModel(client);
  const alarms = createAlarmsModel(client);
  const scans = createScansModel(client);
  const scan = createScanModel(client);
  const timeline = createTimelineModel(client);

  let addressTimer: ReturnType<typeof setTimeout> | undefined;

  function navigate(change: Change, how: 'push' | 'replace' = 'push') {
    clearTimeout(addressTimer);
    const now = cursor.get();
    const at = now.mode === 'past' ? now.at : undefined;
    const next = clean({ ...address.get(), ...change, at });
    const url = formatAddress(next);
    if (url !== location.pathname + location.search) {
      if (how === 'push') history.pushState(null, '', url);
      else history.replaceState(null, '', url);
    }
    address.set(next);
  }

  function setCursor(next: Cursor) {
    cursor.set(next);
    moment.set(momentOf(next, hubNow()));
  }

  /** Moves the cursor, and with `change` the rest of the address in the same step. */
  function moveTime(action: CursorAction, change?: Change) {
    const before = cursor.get();
    const from = fleet.shown.get().span?.from;
    const next = moveCursor(before, action, { now: hubNow(), ...(from === undefined ? {} : { from }) });
    if (next !== before) setCursor(next);
    // Leaving the present, and coming back to it, are steps that the back button undoes. A cursor that
    // plays or is dragged writes the address now and then: browsers refuse many writes a second.
    if (change || next.mode !== before.mode) navigate(change ?? {});
    else if (next !== before) {
      clearTimeout(addressTimer);
      addressTimer = setTimeout(() => navigate({}, 'replace'), 400);
    }
  }

  /** The browser went back or forth. */
  function readAddress() {
    clearTimeout(addressTimer);
    const next = parseAddress(location.pathname, location.search);
    address.set(next);
    setCursor(cursorOf(next, hubNow()));
  }

  return {
    address,
    signIn,
    client,
    link,
    skipped,
    offset,
    cursor,
    moment,
    present,
    layers,
    designated,
    objects,
    fleet,
    feed,
    alarms,
    scans,
    scan,
    timeline,
    hubNow,
    navigate,
    moveTime,
    readAddress,
    enter: (session: Session) => signIn.set({ state: 'in', session }),
    async leave() {
      await client.send('DELETE', '/session').catch(() => undefined);
      signIn.set({ state: 'out', ended: false });
    },
  };
}

export const cursorOf = (address: Address, now: number): Cursor =>
  address.at === undefined || address.at >= now
    ? { mode: 'live' }
    : { mode: 'past', at: address.at, playing: false, speed: 1 };

/** What is set to undefined leaves the address. */
export type Change = { readonly [K in keyof Address]?: Address[K] | undefined };

const clean = (address: Change): Address =>
  Object.fromEntries(
    Object.entries(address).filter(([, value]) => value !== undefined),
  ) as unknown as Address;

/** Asks who is signed in. */
export async function askSession(screen: Screen): Promise<void> {
  try {
    screen.enter(await screen.client.get<Session>('/session'));
  } catch (error) {
    const problem = problemOf(error);
    screen.signIn.set({ state: 'out', ended: false, ...(problem.status === 401 ? {} : { problem }) });
  }
}
