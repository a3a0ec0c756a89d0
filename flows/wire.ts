import { type Static, Type } from 'typebox';
import type { BundleFetch, BundlePiece } from './bundle-wire.ts';
import type { CommandReport, DeviceCommand } from './command.ts';
import { Event, Priority } from './event.ts';
import { IsoTime } from './message.ts';
import type { ScanFetch, ScanWatch, StripAcknowledgement } from './scan-wire.ts';

/**
 * What travels between a box and its hub. Every payload is JSON in UTF-8; `signature` is Ed25519 over
 * the canonical form of the rest (trust/sign.ts), in base64.
 */
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ description, minimum: 0 });
const Signature = text('Ed25519 over the canonical form of all other fields, base64.');

/** Stands for events that were dropped or damaged, so that a gap is always explained. */
export const Tombstone = Type.Object({
  priority: Priority,
  from: count('First sequence of the range.'),
  to: count('Last sequence of the range.'),
  count: count('Events of this priority in the range.'),
  previous: count('Last sequence of the priority before the range.'),
  reason: Type.Enum(['budget', 'corrupt', 'refused'], { description: 'Why they are gone.' }),
});
export type Tombstone = Static<typeof Tombstone>;

/** Events of one priority in order, box to hub. */
export const Batch = Type.Object({
  kind: Type.Literal('batch'),
  box: text('Id of the box.'),
  priority: Priority,
  events: Type.Array(Event, { description: 'In order of sequence.' }),
  tombstones: Type.Array(Tombstone, { description: 'Ranges that will never come.' }),
  signature: Signature,
});
export type Batch = Static<typeof Batch>;

/** What an answer calls a batch by: its signature is of the very bytes that the hub has looked at. */
export const batchName = (signature: string): string => signature.slice(0, 22);

/** Hub to box, after the hub has stored. Everything of that priority up to `upto` is stored. */
export const Acknowledgement = Type.Object({
  kind: Type.Literal('acknowledgement'),
  priority: Priority,
  upto: count('Last sequence of the priority that is stored without a gap.'),
  refused: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
  answers: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Names of the batches that this answers (`batchName`); none: it was not asked for.',
    }),
  ),
});
export type Acknowledgement = Static<typeof Acknowledgement>;

export const DeviceHealth = Type.Object({
  node: text('Flow and node, `flow/node`.'),
  driver: text('Driver type.'),
  device: Type.Optional(text('Device, where the config names one.')),
  state: Type.Enum(['connecting', 'live', 'stale', 'backoff', 'stopped', 'refused'], {
    description: 'live: data came within the expected interval.',
  }),
  since: IsoTime,
  lastMessage: Type.Optional(IsoTime),
  messages: count('Messages since start.'),
  errors: count('Frames that could not be decoded since start.'),
  detail: Type.Optional(text('Last problem, in words.')),
});
export type DeviceHealth = Static<typeof DeviceHealth>;

export const ModelHealth = Type.Object({
  id: text('Bundle id.'),
  version: text('Bundle version that new scans go to.'),
  signed: Type.Boolean({ description: 'The hub vouches for the bundle.' }),
  provider: text('What it runs on.'),
  state: Type.Enum(['running', 'down'], {
    description: 'down: no thread of it runs, and it concludes nothing.',
  }),
  waiting: count('Samples that wait.'),
  restarts: count('Starts of its threads after a fall, since the start of the box.'),
  missed: count('Samples without an answer: late, refused or crashed.'),
  detail: Type.Optional(text('Last problem, in words.')),
});
export type ModelHealth = Static<typeof ModelHealth>;

/** Box to hub, every few seconds and when something changes. Not stored in the outbox. */
export const Status = Type.Object({
  kind: Type.Literal('status'),
  box: text('Id of the box.'),
  site: text('Site.'),
  name: text('Label of the box.'),
  time: IsoTime,
  uptimeS: Type.Number({ description: 'Seconds since the process started.' }),
  version: text('Software version.'),
  outbox: Type.Object({
    pending: Type.Record(Type.String(), Type.Integer(), { description: 'Events that wait, by priority.' }),
    oldest: Type.Optional(IsoTime),
    bytes: count('Bytes on disk.'),
    full: Type.Boolean({ description: 'Nothing more may be dropped; sources are paused.' }),
  }),
  flows: Type.Array(
    Type.Object({
      id: Type.String(),
      version: Type.Integer(),
      hash: Type.String(),
      state: Type.Enum(['running', 'failed', 'stopped']),
      detail: Type.Optional(Type.String()),
      received: Type.Integer(),
      emitted: Type.Integer(),
      failed: Type.Integer(),
      dropped: Type.Integer(),
    }),
  ),
  devices: Type.Array(DeviceHealth),
  models: Type.Optional(Type.Array(ModelHealth)),
  rssBytes: count('Resident memory.'),
  lagMs: Type.Number({ description: 'Age of the oldest message taken in and not yet committed.' }),
});
export type Status = Static<typeof Status>;

/** A bundle of a model by the hash of its bundle.yaml, and through the hashes in that by all that is in it. */
export const ReleaseBundle = Type.Object({
  id: text('Identity of the model.'),
  version: text('Version, MAJOR.MINOR.PATCH.'),
  manifest: text('SHA-256 of bundle.yaml, hex.'),
});
export type ReleaseBundle = Static<typeof ReleaseBundle>;

/** A signed, versioned set of flows for one box, with the models that they are to be judged by. */
export const Release = Type.Object({
  kind: Type.Literal('release'),
  id: text('Name of the release.'),
  version: Type.Integer({ description: 'Counts up; a box refuses one below what it runs.', minimum: 1 }),
  box: text('Id of the box that it is for.'),
  issued: IsoTime,
  expires: IsoTime,
  flows: Type.Array(Type.Unknown(), { description: 'Flow documents.' }),
  fenceSets: Type.Record(Type.String(), Type.Unknown(), { description: 'Fence sets by name, GeoJSON.' }),
  /** State that may be lost, `flow/node`, as the plan named it. */
  confirmLoss: Type.Array(Type.String()),
  bundles: Type.Optional(
    Type.Array(ReleaseBundle, {
      description: 'Fetched, proved and used before the flows change; what is not named stays as it is.',
      maxItems: 32,
    }),
  ),
  signature: Signature,
});
export type Release = Static<typeof Release>;

/** Box to hub: what became of a release. */
export const ReleaseReport = Type.Object({
  kind: Type.Literal('release-report'),
  box: text('Id of the box.'),
  version: Type.Integer(),
  state: Type.Enum(['fetching', 'running', 'refused', 'failed'], {
    description: 'fetching: its bundles are on their way, and `detail` says how far.',
  }),
  code: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
});
export type ReleaseReport = Static<typeof ReleaseReport>;

/** Hub to box: watch what leaves a port of a running flow, for at most `seconds`. */
export const TapCommand = Type.Object({
  kind: Type.Literal('tap'),
  id: text('Name of the tap, in its answers.'),
  box: text('Id of the box.'),
  flow: text('Flow.'),
  node: text('Node.'),
  port: text('Port.'),
  seconds: Type.Number({ minimum: 0, maximum: 600 }),
  maxPerSecond: Type.Number({ minimum: 1, maximum: 100 }),
  issued: IsoTime,
  expires: IsoTime,
  signature: Signature,
});
export type TapCommand = Static<typeof TapCommand>;

/** Box to hub: what a tap saw, sampled. */
export const TapReport = Type.Object({
  kind: Type.Literal('tap-report'),
  box: text('Id of the box.'),
  id: text('Name of the tap.'),
  messages: Type.Array(Type.Unknown()),
  skipped: count('Messages not shown because of the rate.'),
});
export type TapReport = Static<typeof TapReport>;

export type Upward = Batch | BundleFetch | CommandReport | Status | ReleaseReport | TapReport;
export type Downward =
  | Acknowledgement
  | BundlePiece
  | DeviceCommand
  | Release
  | TapCommand
  | ScanFetch
  | ScanWatch
  | StripAcknowledgement;

/** Topics on the hub's broker. A box may publish on `up` and `scans` and subscribe to `down` of its own id only. */
export const topics = {
  up: (box: string) => `quaywatch/v1/${box}/up`,
  /** Binary: flows/scan-wire.ts. */
  scans: (box: string) => `quaywatch/v1/${box}/scans`,
  down: (box: string) => `quaywatch/v1/${box}/down`,
  ofBox: (topic: string): { box: string; direction: 'up' | 'down' } | undefined => {
    const match = /^quaywatch\/v1\/([\w-]+)\/(up|down)$/.exec(topic);
    return match ? { box: match[1] as string, direction: match[2] as 'up' | 'down' } : undefined;
  },
};

/** Body of POST /enrol on the hub's enrolment port (TLS; the box checks the CA's hash first). */
export const EnrolRequest = Type.Object(
  {
    token: text('One-time token.'),
    name: text('Label of the box.'),
    certificateRequest: text('PKCS #10, PEM; its subject is ignored.'),
    signingKey: text('Ed25519 public key for batches, base64.'),
  },
  { additionalProperties: false },
);
export type EnrolRequest = Static<typeof EnrolRequest>;

export const EnrolAnswer = Type.Object({
  box: text('Id minted for this enrolment.'),
  site: text('Site that the token was for.'),
  certificate: text("The box's certificate, PEM; its common name is the id."),
  authority: text('Certificate of the CA, PEM.'),
  releaseKey: text('Ed25519 public key that releases are signed with, base64.'),
  broker: text('Address of the broker, mqtts://host:port.'),
});
export type EnrolAnswer = Static<typeof EnrolAnswer>;

/** What a one-time token carries, base64url JSON after the prefix `qw1.`. */
export const EnrolToken = Type.Object({
  url: text('Address of the enrolment port.'),
  authority: text('SHA-256 of the CA certificate (DER), hex.'),
  secret: text('One-time secret.'),
});
export type EnrolToken = Static<typeof EnrolToken>;
