import type { Event, Priority } from '#flows/event';
import type { StateChange } from '#flows/runtime';
import type { ScanCompleted, ScanStarted, ScanVerdict } from '#flows/scan-events';
import type { Release, Status, Tombstone } from '#flows/wire';
import type { LinkState, ObjectState, Role, StoredEvent, Timeline, Track } from '../api/types.ts';
import type { Fix } from '../tracks/fix.ts';
import type { FenceSetStore } from './fence-sets.ts';
import type { VisitStore } from './visits.ts';

/**
 * What the hub keeps. Every method is asynchronous, so that an implementation may be a server
 * elsewhere; each resolves when its effect is durable. Times in arguments are epoch milliseconds.
 * conformance.ts says in tests what an implementation must do.
 */
export interface Store {
  readonly records: RecordStore;
  readonly objects: ObjectStore;
  readonly scans: ScanRecordStore;
  readonly boxes: BoxStore;
  readonly people: PeopleStore;
  readonly audit: AuditStore;
  readonly releases: ReleaseStore;
  readonly documents: DocumentStore;
  readonly fenceSets: FenceSetStore;
  readonly visits: VisitStore;
  readonly flows: FlowStateStore;
  close(): Promise<void>;
}

/** One step of the chain of a priority: an event, or what stands for events that will never come. */
export type Item =
  | {
      readonly event: Event;
      /** The event as it came, JSON: a store need not write it out again. */
      readonly text?: string;
      readonly tombstone?: never;
    }
  | { readonly tombstone: Tombstone; readonly event?: never; readonly text?: never };

/** Items of one box and priority, in order, each above the watermark. */
export interface Append {
  readonly box: string;
  /** Site of the box as the hub knows it; it decides who may see the event. */
  readonly site: string;
  readonly priority: Priority;
  readonly items: readonly Item[];
  /** Watermark that the items follow. Where hubs share a store it may have moved: then nothing of the call is stored. */
  readonly after?: number;
  /** What a part of a hub's flow has come to, stored with what it concluded. */
  readonly checkpoint?: Checkpoint;
}

/** How far a part of a hub's flow has come: the events up to `position` are in its state. */
export interface PartPlace {
  readonly flow: string;
  readonly part: number;
  /** Checkpoints that it has made. */
  readonly count: number;
  readonly position: number;
  /** Its clock, epoch milliseconds. What is stored later is never dated before it. */
  readonly clockMs: number;
}

/** A part of a hub's flow moves on: to `count` from the one before; else another hub has it, and nothing of the call is stored. */
export interface Checkpoint extends PartPlace {
  /** Keys that changed. */
  readonly changes: readonly StateChange[];
}

/** Places and states of hub flows; they move on by `RecordStore.append` alone. */
export interface FlowStateStore {
  /** Parts of a flow that have none begin behind the newest event, or with the first. */
  begin(flow: string, parts: number, from: 'now' | 'start'): Promise<void>;
  places(flow: string): Promise<PartPlace[]>;
  state(flow: string, part: number): Promise<StateChange[]>;
  /** Forgets all parts of a flow. */
  forget(flow: string): Promise<void>;
}

export interface Appended {
  /** In order; the first that the store did not take ends it. */
  readonly stored: readonly StoredEvent[];
  /** Watermark after it. */
  readonly upto: number;
  /** Sequence that was there already with another content; it and what follows is not stored. */
  readonly conflict?: number;
  /** Nothing of the call was stored: the watermark or the checkpoint is not what this one follows. */
  readonly moved?: true;
}

export interface EventQuery {
  /** Inclusive bounds of the time of the event. */
  readonly from?: number;
  readonly to?: number;
  /** Any of. */
  readonly box?: readonly string[];
  readonly site?: readonly string[];
  /** Any of; one that ends in `*` is a prefix. */
  readonly type?: readonly string[];
  readonly priority?: readonly Priority[];
  readonly subject?: string;
  /** Only events before this place in the order of time and position. */
  readonly before?: { readonly time: number; readonly position: number };
  readonly limit: number;
}

export interface Heard {
  readonly subject: string;
  readonly events: number;
  /** Epoch ms. */
  readonly first: number;
  readonly last: number;
}

export interface RecordStore {
  /**
   * Stores events, tombstones, watermarks, checkpoints of flows and what is projected from events (objects, counts) in
   * one transaction; the answers are in the order of the arguments. (box, sequence) is unique for ever.
   */
  append(appends: readonly Append[], storedAt: number): Promise<Appended[]>;
  /** Watermark of every box and priority: the last sequence stored without a gap. */
  watermarks(): Promise<{ box: string; priority: Priority; upto: number }[]>;
  one(box: string, sequence: number): Promise<StoredEvent | undefined>;
  /** Sequence of the first of these events of a box that is not stored, or with another content. */
  different(box: string, events: readonly Event[]): Promise<number | undefined>;
  /** Newest first by time, then position. */
  page(query: EventQuery): Promise<StoredEvent[]>;
  /** In the order of positions, from the one after `position` on: who reads on from the last misses nothing. */
  after(position: number, limit: number): Promise<StoredEvent[]>;
  /** Which of these subjects events were about, with their first and last time and how many, counted up to `most`. */
  heard(subjects: readonly string[], from: number, to: number, most: number): Promise<Heard[]>;
  tombstones(box: string): Promise<Tombstone[]>;
  /** First and last time of events. */
  span(): Promise<{ from: number; to: number } | undefined>;
  /**
   * Events by bucket and priority. Bounds are widened to whole buckets; a bucket is never shorter
   * than 10 s. `sites` limits it to those.
   */
  timeline(from: number, to: number, buckets: number, sites?: readonly string[]): Promise<Timeline>;
  /** Position of the newest event; 0 while there is none. */
  position(): Promise<number>;
}

export type StoredTrack = Pick<Track, 'object' | 'points' | 'thinned'>;
export interface Crossing {
  readonly object: string;
  readonly time: number;
  readonly inside: boolean;
}

export interface ObjectStore {
  /** Every object heard in the `withinMs` before `at`, as it was at that moment. */
  at(at: number, withinMs: number): Promise<ObjectState[]>;
  /**
   * Fixes in order of time; at most about `maxPoints`. More are thinned: of each of equal stretches of time the
   * first and the last stay, so that a gap between two of them begins and ends where it truly did.
   */
  track(object: string, from: number, to: number, maxPoints: number): Promise<StoredTrack>;
  /** What `track` has of the same, with no more of each fix than where and when: for those who look at many tracks. */
  fixes(object: string, from: number, to: number, maxPoints: number): Promise<Fix[]>;
  /** Who entered or left a fence, newest first. */
  crossings(fence: string, from: number, to: number, limit: number): Promise<Crossing[]>;
  /** Sites of the boxes that ever reported the object. */
  sites(object: string): Promise<string[]>;
}

export interface ScanVerdictRecord extends ScanVerdict {
  readonly subject?: string;
  readonly time: string;
  readonly sequence: number;
  readonly flow?: string;
  readonly flowHash: string;
}

/**
 * The copy of a scan's file at the hub: `wanted` it is to be fetched, `held` it is there, `dropped` it was;
 * `gone`: the box has it no more, or what it has is damaged.
 */
export type ScanCopy = 'none' | 'wanted' | 'held' | 'dropped' | 'gone';

/** A scan as its events tell it, in whatever order they came. */
export interface ScanRow {
  /** Place among the hub's scans, in the order in which they became known. */
  readonly id: number;
  readonly box: string;
  readonly site: string;
  readonly scan: string;
  readonly facts: ScanStarted;
  readonly completed?: Omit<ScanCompleted, 'thumbnail'>;
  readonly verdict?: ScanVerdictRecord;
  readonly thumbnail: boolean;
  /** The box has given up its pixels. */
  readonly evicted: boolean;
  readonly copy: ScanCopy;
}

export interface ScanQuery {
  /** Inclusive bounds of the start of the scan. */
  readonly from?: number;
  readonly to?: number;
  /** Any of. */
  readonly box?: readonly string[];
  readonly site?: readonly string[];
  readonly scanner?: readonly string[];
  readonly outcome?: readonly string[];
  readonly subject?: string;
  /** Only scans before this place in the order of start and id. */
  readonly before?: { readonly started: number; readonly id: number };
  readonly limit: number;
}

/** Scans, projected from the events `quaywatch.scan.*` in the transaction that stores them. */
export interface ScanRecordStore {
  /** Newest start first, then id. */
  page(query: ScanQuery): Promise<ScanRow[]>;
  one(box: string, scan: string): Promise<ScanRow | undefined>;
  thumbnail(box: string, scan: string): Promise<{ type: string; bytes: Uint8Array } | undefined>;
  /** Events of the scan in order of sequence. */
  events(box: string, scan: string): Promise<{ sequence: number; type: string; time: string }[]>;
  /** What becomes of the copy at the hub; nothing for a scan that is not known. */
  setCopy(box: string, scan: string, copy: ScanCopy): Promise<void>;
  /** Scans with that copy, oldest id first. */
  withCopy(copy: ScanCopy, limit: number): Promise<ScanRow[]>;
}

export interface BoxRecord {
  readonly box: string;
  readonly name: string;
  readonly site: string;
  /** Ed25519 public key of its batches, base64. */
  readonly signingKey: string;
  /** SHA-256 of its certificate (DER), hex. */
  readonly fingerprint: string;
  readonly enrolled: number;
  readonly revoked?: number;
}

/** A box at some moment: the last status and link before it. */
export interface BoxMoment {
  readonly box: string;
  readonly link?: { readonly state: LinkState; readonly since: number };
  readonly status?: { readonly status: Status; readonly heard: number };
}

/** How boxes did: links that came and fell, and what they said of themselves. */
export interface BoxHistory {
  readonly links: readonly { readonly box: string; readonly state: LinkState; readonly since: number }[];
  readonly statuses: readonly { readonly status: Status; readonly heard: number }[];
}

export interface BoxStore {
  add(box: BoxRecord): Promise<void>;
  list(): Promise<BoxRecord[]>;
  /** False when it is unknown or was revoked before. */
  revoke(box: string, at: number): Promise<boolean>;
  /** All of it in one commit; of the same box and time the last one counts, and within a call there is one. */
  addHistory(history: BoxHistory): Promise<void>;
  /** Every box enrolled by then. */
  at(at: number): Promise<BoxMoment[]>;
}

export interface UserRecord {
  readonly name: string;
  /** Argon2id in PHC form; absent: signs in by link only. */
  readonly password?: string;
  readonly roles: readonly Role[];
  /** Absent: all sites. */
  readonly sites?: readonly string[];
}

export interface SessionRecord {
  /** SHA-256 of the cookie's secret, hex. */
  readonly id: string;
  readonly user: string;
  readonly roles: readonly Role[];
  readonly sites?: readonly string[];
  readonly expires: number;
}

/** One-time secrets, kept as SHA-256 (hex) only. */
export interface TokenRecord {
  readonly id: string;
  readonly purpose: 'enrol' | 'signIn';
  readonly expires: number;
  readonly content: Record<string, unknown>;
}

export interface PeopleStore {
  /** False when the name is taken. */
  addUser(user: UserRecord): Promise<boolean>;
  user(name: string): Promise<UserRecord | undefined>;
  users(): Promise<UserRecord[]>;
  addSession(session: SessionRecord): Promise<void>;
  session(id: string, now: number): Promise<SessionRecord | undefined>;
  endSession(id: string): Promise<void>;
  addToken(token: TokenRecord): Promise<void>;
  /** Takes it away and returns it, once, however many ask at the same time. */
  redeem(id: string, purpose: TokenRecord['purpose'], now: number): Promise<TokenRecord | undefined>;
  /** Deletes sessions and tokens that have expired. */
  sweep(now: number): Promise<void>;
}

/** Holds ids and digests only, so that it verifies after what it speaks of was erased. */
export interface AuditEntry {
  readonly n: number;
  readonly time: string;
  /** Who: user, box or `hub`. */
  readonly actor: string;
  /** What was done, `<thing>.<deed>`. */
  readonly action: string;
  readonly subject: string;
  /** SHA-256 of the canonical form of what it was done with, hex. */
  readonly digest: string;
  /** Hash of the entry before, hex; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 of the canonical form of all other fields, hex. */
  readonly hash: string;
}

export interface AuditStore {
  append(entry: Pick<AuditEntry, 'time' | 'actor' | 'action' | 'subject' | 'digest'>): Promise<AuditEntry>;
  /** In order, from `n` on. */
  list(from: number, limit: number): Promise<AuditEntry[]>;
  /** Number of the last entry ever given out, even when it is no longer there. */
  last(): Promise<number>;
}

export interface ReleaseRecord {
  readonly release: Release;
  readonly state: 'sent' | 'running' | 'refused' | 'failed';
  readonly detail?: string;
}

export interface ReleaseStore {
  /** False when the box has that version or a later one already. */
  add(release: Release): Promise<boolean>;
  report(box: string, version: number, state: ReleaseRecord['state'], detail?: string): Promise<void>;
  /** The newest of each box. */
  newest(): Promise<ReleaseRecord[]>;
  /** The newest that was reported as running. */
  running(box: string): Promise<Release | undefined>;
}

/** Small documents by name, such as the map's layers. */
export interface DocumentStore {
  get(name: string): Promise<unknown>;
  put(name: string, content: unknown): Promise<void>;
}
