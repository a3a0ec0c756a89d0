/**
 * The hub's API as the screen sees it. All paths are below /api/v1; every answer that is not 2xx is
 * `ApiProblem`. Times are ISO 8601 UTC.
 */

import type { FeatureCollection } from 'geojson';
import type { CommandState, Zone } from '#flows/command';
import type { Event, Priority } from '#flows/event';
import type { ScanRegion } from '#flows/scan';
import type { DeviceHealth, Status, TapReport } from '#flows/wire';
import type { TrackGap } from './track-types.ts';

/** So that the screen imports types of the API alone. */
export type * from './berth-types.ts';
export type { BundleView, Enrolment, ReleasePlan, TapStarted } from './release-types.ts';
export type { DeviceHealth, Event, Priority, ScanRegion, Status };

/** `{code, at?, message, help}` as in flows/fault, with the HTTP status. */
export interface ApiProblem {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly at?: string;
}

export type Role = 'viewer' | 'analyst' | 'inspector' | 'operator' | 'admin' | 'auditor';

/** GET /session; POST /session {token} (one-time link) or {user, password}; DELETE /session. */
export interface Session {
  readonly user: string;
  readonly roles: readonly Role[];
  readonly expires: string;
}

/** GET /overview: everything that the frame needs at start. */
export interface Overview {
  readonly hub: { readonly name: string; readonly version: string; readonly time: string };
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  readonly boxes: readonly BoxView[];
  /** First and last moment of stored events; absent while there are none. */
  readonly span?: { readonly from: string; readonly to: string };
}

export type LinkState = 'connected' | 'lost' | 'never' | 'revoked';

/** GET /boxes?at is a BoxList (as the boxes were at that moment, now when absent); GET /boxes/:box is one. */
export interface BoxView {
  readonly box: string;
  readonly name: string;
  readonly site: string;
  readonly link: LinkState;
  /** When `link` began. */
  readonly linkSince: string;
  /** Last time that anything came from it. */
  readonly heard?: string;
  readonly status?: Status;
  readonly watermarks: Partial<Record<Priority, number>>;
  readonly release?: { readonly version: number; readonly state: string; readonly detail?: string };
}

export interface BoxList {
  readonly boxes: readonly BoxView[];
}

/** An event as stored, with when the hub stored it and its place in the hub's own order. */
export interface StoredEvent {
  readonly event: Event;
  readonly stored: string;
  readonly position: number;
}

/**
 * GET /events?at&from&to&box&site&type&priority&subject&before&limit: newest first by time; `at` ends the
 * list at that moment; `before` is the `next` of the page before. GET /events/:box/:sequence: one, and whole;
 * lists and the live stream go without the thumbnails of scans.
 */
export interface EventPage {
  readonly events: readonly StoredEvent[];
  readonly next?: string;
}

/** Where one object was: what the map draws. */
export interface ObjectState {
  readonly object: string;
  readonly kind: 'vehicle' | 'vessel' | 'seal' | 'other';
  readonly box: string;
  readonly site: string;
  readonly time: string;
  readonly lon: number;
  readonly lat: number;
  readonly speedKph?: number;
  readonly courseDeg?: number;
  readonly quality: string;
  /** Fences that it is inside of, as far as events told. */
  readonly fences: readonly string[];
  /** Last state of its seal, when it has one. */
  readonly seal?: { readonly state: string; readonly time: string; readonly container?: string };
}

/** GET /objects?at: every object as it was at that moment (now when absent), heard within `withinS` (86400). */
export interface ObjectList {
  readonly at: string;
  readonly objects: readonly ObjectState[];
}

/** GET /objects/:object/track?from&to: fixes in order of time. */
export interface Track {
  readonly object: string;
  readonly points: readonly {
    readonly time: string;
    readonly lon: number;
    readonly lat: number;
    readonly speedKph?: number;
    readonly courseDeg?: number;
    readonly quality: string;
    /** Number of its body, from 1, where several go under one name; 0: of none. Absent: there is one. */
    readonly segment?: number;
  }[];
  /** True when points were thinned out for display. */
  readonly thinned: boolean;
  /** Shorter gaps are not seen in what is left of a thinned track, seconds. */
  readonly finestGapS?: number;
  /** Times without a fix, with what is known of why. */
  readonly gaps: readonly TrackGap[];
}

/** GET /devices?at: health of every device, from the boxes' last status. */
export interface DeviceList {
  readonly devices: readonly (DeviceHealth & { readonly box: string; readonly site: string })[];
}

/** GET /timeline?from&to&buckets: events by bucket and priority, for the time cursor. */
export interface Timeline {
  readonly from: string;
  readonly to: string;
  readonly bucketS: number;
  readonly counts: readonly {
    readonly alarm: number;
    readonly verdict: number;
    readonly telemetry: number;
  }[];
}

/**
 * GET /map: the port's own drawn layers and the fences in force, those of the fence sets included, GeoJSON; PUT /map
 * (operator) replaces the drawn layers and the fences that are in no set.
 */
export interface MapLayers {
  /** `properties.layer`: berth, quay, road, gate, yard, building, water, label; `properties.name`. */
  readonly port: FeatureCollection;
  /** `properties.id`, `properties.name`, `properties.set` and `properties.version` of the set. */
  readonly fences: FeatureCollection;
  /** Lines with `properties.id`, `.widthM` and `.oneWay`, of sets alone. */
  readonly routes?: FeatureCollection;
}

/** Where a finding lies, pixels of the scan. */
export interface FindingView {
  readonly label: string;
  /** Calibrated, 0..1. */
  readonly score: number;
  readonly model: string;
  readonly modelVersion: string;
  /** False for a bundle that nobody signed. */
  readonly signed: boolean;
  readonly threshold?: number;
  readonly region?: ScanRegion;
  readonly evidence?: unknown;
}

/** What was declared for the object of a scan. */
export interface DeclarationView {
  readonly id: string;
  readonly conveyance?: string;
  readonly goods: readonly {
    readonly hs: string;
    readonly description: string;
    readonly weightKg?: number;
    readonly origin?: string;
  }[];
}

export type ScanPlace = 'box' | 'fetching' | 'hub' | 'gone';

/** GET /scans?at&from&to&box&site&scanner&outcome&subject&before&limit is a ScanPage, newest first. */
export interface ScanView {
  readonly box: string;
  readonly site: string;
  readonly scan: string;
  readonly scanner: string;
  readonly started: string;
  readonly ended?: string;
  /** Container or vehicle, once it is known. */
  readonly subject?: string;
  /** `live`: lines still come. */
  readonly state: 'live' | 'complete' | 'cut';
  readonly columns: number;
  readonly rows: number;
  readonly planes: readonly string[];
  readonly energiesMv: readonly number[];
  readonly pixelMm: number;
  /** Sample that stands for full transmission. */
  readonly airLevel: number;
  /** Where the pixels are: at the box alone, on their way, at the hub, or past their retention. */
  readonly place: ScanPlace;
  /** Bytes of the stored file, and how many of them the hub has. */
  readonly bytes?: number;
  readonly fetched?: number;
  /** Whether GET /scans/:box/:scan/thumbnail has a picture (image/webp or image/png). */
  readonly thumbnail: boolean;
  readonly verdict?: {
    readonly outcome: 'clear' | 'suspect' | 'none';
    readonly confidence: number;
    readonly reasons: readonly string[];
    readonly time: string;
    /** The event that said so: GET /events/:box/:sequence. */
    readonly sequence: number;
    /** Set on verdicts of models that were validated on simulated scans alone. */
    readonly simulationValidated?: boolean;
  };
  readonly findings: readonly FindingView[];
  readonly declaration?: DeclarationView;
}

export interface ScanPage {
  readonly scans: readonly ScanView[];
  readonly next?: string;
}

/** GET /scans/:box/:scan: one, with the way back to what it rests on. */
export interface ScanDetail extends ScanView {
  readonly trace: {
    readonly flow?: string;
    readonly flowHash?: string;
    readonly models: readonly {
      readonly id: string;
      readonly version: string;
      readonly sha256?: string;
      readonly signed: boolean;
      readonly threshold?: number;
      readonly provider?: string;
    }[];
    readonly lines?: {
      readonly received: number;
      readonly lost: number;
      readonly doubled: number;
      readonly damaged: number;
    };
    readonly calibration?: string;
    readonly badPixels?: number;
    /** Of the stored file. */
    readonly sha256?: string;
    /** Events of this scan at the hub, in order. */
    readonly events: readonly { readonly sequence: number; readonly type: string; readonly time: string }[];
  };
}

/**
 * GET /scans/:box/:scan/pixels?from&columns&step: samples as in `Pixels` of flows/scan (u16, little-endian,
 * column after column, plane after plane), `application/octet-stream`; `step` n gives the mean of n x n.
 * Headers `x-columns`, `x-rows`, `x-planes`. 404 `scan.elsewhere` while the hub does not have the file.
 * POST /scans/:box/:scan/fetch (viewer) asks the box for it and answers with the ScanView.
 *
 * Live strips are binary messages of the WebSocket: u32 length of the header, little-endian, the header (a
 * `StripHeader` in JSON), padding to 4 bytes, samples as above.
 */
export interface StripHeader {
  readonly box: string;
  readonly scan: string;
  /** First column in pixels of the scan; `columns` and `rows` count samples after `step`. */
  readonly column0: number;
  readonly columns: number;
  readonly rows: number;
  readonly planes: readonly string[];
  readonly step: number;
}

/** POST /commands: what is asked of a device. */
export interface CommandWish {
  readonly box: string;
  readonly flow: string;
  readonly node: string;
  readonly device: string;
  readonly action: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly container?: string;
  readonly zone?: Zone;
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly timeoutSeconds?: number;
}

/**
 * asked: a second person is needed; approved: signed, and the box has not reported yet; expired: its time ended before.
 * The others are the box's reports: only `confirmed` says that the device itself reported it.
 */
export interface CommandView extends CommandWish {
  readonly id: string;
  readonly site: string;
  readonly parameters: Record<string, unknown>;
  readonly timeoutSeconds: number;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly physical: boolean;
  readonly askedBy: string;
  readonly asked: string;
  readonly approvedBy?: string;
  readonly state: 'asked' | 'approved' | 'expired' | CommandState;
  readonly changed: string;
  readonly acknowledged?: boolean;
  readonly late?: boolean;
  readonly code?: string;
  readonly detail?: string;
}

/** GET /commands/actions?box: what the devices of a box can be told. */
export interface CommandActions {
  readonly actions: readonly {
    readonly flow: string;
    readonly node: string;
    readonly action: string;
    readonly summary: string;
    readonly physical: boolean;
    /** JSON Schema of the parameters. */
    readonly parameters: Record<string, unknown>;
  }[];
}

/** GET /commands, newest first. */
export interface CommandList {
  readonly commands: readonly CommandView[];
}

/** GET /stages and GET /drivers: definitions as JSON Schema, for forms and palette. */
export interface Definition {
  readonly type: string;
  readonly summary: string;
  readonly accepts?: readonly string[] | 'any';
  readonly emits: readonly string[] | 'same';
  readonly config: Record<string, unknown>;
}

/**
 * GET /live (WebSocket). The server sends LiveMessages; the client may send
 * `{kind: 'watch', events: {priorities?, boxes?}, objects: boolean, scans?: {box, scan}[] | 'all'}` (all when it
 * sends nothing, but the strips of no scan).
 * Events of one box and priority come in order. A client that reads too slowly gets only the newest
 * state of each object and, for events that it could not be given, one `skipped` with how many;
 * it then asks GET /events.
 */
export type LiveMessage =
  | { readonly kind: 'hello'; readonly time: string; readonly position: number; readonly client?: string }
  | { readonly kind: 'event'; readonly event: StoredEvent }
  | { readonly kind: 'objects'; readonly objects: readonly ObjectState[] }
  | { readonly kind: 'box'; readonly box: BoxView }
  /** A watch list has changed. */
  | { readonly kind: 'watch'; readonly list: string }
  /** A fence set has a new version: GET /map has changed. */
  | { readonly kind: 'map'; readonly set: string; readonly version: number }
  | { readonly kind: 'skipped'; readonly events: number }
  /** A scan began, grew, ended, was judged or was fetched. */
  | { readonly kind: 'scan'; readonly scan: ScanView }
  /** What a tap of this client saw (POST /boxes/:box/tap). */
  | { readonly kind: 'tap'; readonly tap: TapReport }
  | { readonly kind: 'tick'; readonly time: string };
