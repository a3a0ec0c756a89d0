import { nativeVerifier } from '#firmware-config/ed25519';
import type { Problem } from '#flows/fault';
import { fromBase64, type Verifier } from '#flows/trust/sign';
import type { Status } from '#flows/wire';
import type { BoxView, LinkState } from './api/types.ts';
import { createBoxHistory } from './box-history.ts';
import { faults } from './faults.ts';
import type { BoxMoment, BoxRecord, Store } from './store/store.ts';

interface Present {
  readonly record: BoxRecord;
  readonly verifier: Verifier;
  revoked: boolean;
  link: LinkState;
  linkSince: number;
  heard?: number;
  status?: Status;
  /** Status that went to the history, and when. */
  kept?: { readonly at: number; readonly gist: string };
  /** As another hub told it, which has the box. */
  elsewhere?: BoxView;
}

export interface BoxesOptions {
  readonly store: Store;
  readonly now: () => number;
  readonly watermarks: (box: string) => BoxView['watermarks'];
  readonly release: (box: string) => BoxView['release'];
  /** Other hubs have boxes of the same store. */
  readonly shared: boolean;
  /** Something that a screen shows of the box changed; `own`: this hub found it out. */
  readonly onChange: (view: BoxView, own: boolean) => void;
  readonly onFailure: (error: unknown) => void;
}

/** In a group of hubs: a box that none of them has heard for so long is lost, ms. */
const silentMs = 25_000;

/** A status goes to the history when its gist changed, else once in this time. */
const historyMs = 60_000;

/** What of a status is news: states, not counters. */
const gistOf = (status: Status): string =>
  JSON.stringify([
    status.outbox.full,
    status.flows.map(({ id, hash, state }) => [id, hash, state]),
    status.devices.map(({ node, state }) => [node, state]),
  ]);

/** The boxes of the hub: who they are, whether they are there, and how they are. */
export async function createBoxes(options: BoxesOptions) {
  const { store, now } = options;
  const history = createBoxHistory(store.boxes, options.onFailure);
  const boxes = new Map<string, Present>();
  const verifierOf = (record: BoxRecord) => nativeVerifier(fromBase64(record.signingKey) ?? new Uint8Array());
  const iso = (time: number) => new Date(time).toISOString();

  function enter(record: BoxRecord, before?: BoxMoment): void {
    const link = record.revoked === undefined ? (before?.link?.state ?? 'never') : 'revoked';
    boxes.set(record.box, {
      record,
      verifier: verifierOf(record),
      revoked: record.revoked !== undefined,
      link: link === 'connected' && !options.shared ? 'lost' : link,
      linkSince: before?.link?.since ?? record.revoked ?? record.enrolled,
      ...(before?.status && { status: before.status.status, heard: before.status.heard }),
    });
  }

  const view = (present: Present): BoxView => {
    if (present.elsewhere) return present.elsewhere;
    const { record, link, linkSince, heard, status } = present;
    const release = options.release(record.box);
    return {
      box: record.box,
      name: record.name,
      site: record.site,
      link,
      linkSince: iso(linkSince),
      ...(heard !== undefined && { heard: iso(heard) }),
      ...(status && { status }),
      watermarks: options.watermarks(record.box),
      ...(release && { release }),
    };
  };

  function changed(present: Present): void {
    options.onChange(view(present), present.elsewhere === undefined);
  }

  /** This hub has the box, whoever had it before. */
  function have(present: Present): void {
    const { elsewhere } = present;
    if (!elsewhere) return;
    delete present.elsewhere;
    present.link = elsewhere.link;
    present.linkSince = Date.parse(elsewhere.linkSince);
    if (elsewhere.status) present.status = elsewhere.status;
  }

  function setLink(present: Present, link: LinkState): void {
    if (present.link === link) return;
    present.link = link;
    present.linkSince = now();
    history.link(present.record.box, link, present.linkSince);
    changed(present);
  }

  const moments = new Map((await store.boxes.at(now())).map((moment) => [moment.box, moment]));
  for (const record of await store.boxes.list()) {
    const moment = moments.get(record.box);
    enter(record, moment);
    // The hub was away: since when the link is lost, nobody knows but that it is not there now.
    if (!options.shared && record.revoked === undefined && moment?.link?.state === 'connected') {
      const present = boxes.get(record.box);
      if (present) present.linkSince = now();
      history.link(record.box, 'lost', now());
    }
  }

  const started = now();
  function sweep(): void {
    for (const present of boxes.values()) {
      const { heard = 0, elsewhere, link } = present;
      const last = Math.max(heard, started, Date.parse(elsewhere?.heard ?? '') || 0);
      if (now() - last < silentMs || (elsewhere ?? { link }).link !== 'connected') continue;
      have(present);
      setLink(present, 'lost');
    }
  }

  return {
    /** Another hub of the same store may have enrolled and revoked. */
    async refresh(): Promise<void> {
      for (const record of await store.boxes.list()) {
        const known = boxes.get(record.box);
        if (!known) enter(record);
        else if (record.revoked !== undefined) known.revoked = true;
      }
    },
    add(record: BoxRecord): void {
      enter(record);
      const present = boxes.get(record.box);
      if (present) changed(present);
    },
    list: (): BoxView[] => [...boxes.values()].map(view),
    /** How many have a live link. */
    connected(): number {
      let count = 0;
      for (const { elsewhere, link } of boxes.values())
        if ((elsewhere ?? { link }).link === 'connected') count += 1;
      return count;
    },
    get(box: string): BoxView | undefined {
      const present = boxes.get(box);
      return present && view(present);
    },
    /** The boxes as they were; what is not kept of the past (watermarks, releases) is as it is now. */
    async at(time: number): Promise<BoxView[]> {
      await history.flush();
      return (await store.boxes.at(time)).flatMap(({ box, link, status }) => {
        const present = boxes.get(box);
        if (!present) return [];
        const { status: _, heard: __, ...now } = view(present);
        const was: BoxView = {
          ...now,
          link: link?.state ?? 'never',
          linkSince: iso(link?.since ?? present.record.enrolled),
          ...(status && { status: status.status, heard: iso(status.heard) }),
        };
        return [was];
      });
    },
    sender(box: string): { readonly site: string; readonly verifier: Verifier } | undefined {
      const present = boxes.get(box);
      return present && !present.revoked
        ? { site: present.record.site, verifier: present.verifier }
        : undefined;
    },
    siteOf: (box: string): string | undefined => boxes.get(box)?.record.site,
    admit(box: string, fingerprint: string): Problem | undefined {
      const present = boxes.get(box);
      if (present?.revoked) return faults.problem('link.revoked', { box });
      return present?.record.fingerprint === fingerprint
        ? undefined
        : faults.problem('link.unknown', { box });
    },
    link(box: string, state: 'connected' | 'lost'): void {
      const present = boxes.get(box);
      if (!present || present.revoked) return;
      have(present);
      setLink(present, state);
    },
    heard(box: string): void {
      const present = boxes.get(box);
      if (!present) return;
      have(present);
      present.heard = now();
    },
    /** Another hub of the group has the box, and tells how it does. */
    told(told: BoxView): void {
      const present = boxes.get(told.box);
      if (!present || present.revoked) return;
      present.elsewhere = told;
      if (told.link === 'revoked') present.revoked = true;
      options.onChange(told, false);
    },
    /** Whether another hub of the group has it. */
    elsewhere: (box: string): boolean => boxes.get(box)?.elsewhere?.link === 'connected',
    /** In a group of hubs, now and then: finds boxes that no hub hears any more. */
    sweep,
    status(status: Status): void {
      const present = boxes.get(status.box);
      if (!present) return;
      have(present);
      present.status = status;
      present.heard = now();
      const gist = gistOf(status);
      if (present.kept?.gist !== gist || present.heard - present.kept.at >= historyMs) {
        present.kept = { at: present.heard, gist };
        history.status(status, present.heard);
      }
      changed(present);
    },
    /** Resolves when the history of all that happened is stored. */
    flush: (): Promise<void> => history.flush(),
    /** A release of the box was sent or reported. */
    touched(box: string): void {
      const present = boxes.get(box);
      if (present) changed(present);
    },
    /** False when the box is unknown or revoked already. */
    async revoke(box: string): Promise<boolean> {
      const present = boxes.get(box);
      if (!present || !(await store.boxes.revoke(box, now()))) return false;
      present.revoked = true;
      have(present);
      setLink(present, 'revoked');
      return true;
    },
  };
}
export type Boxes = Awaited<ReturnType<typeof createBoxes>>;
