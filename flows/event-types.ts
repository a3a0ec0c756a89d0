import { oreEventTypes } from './ore/event-types.ts';
import { trackEventTypes } from './tracks/event-types.ts';

/** What an event of one type says; the reference and the lint of the house are made from it. */
export interface EventType {
  readonly summary: string;
  /** What `subject` names. */
  readonly subject: string;
  /** Fields of `data` that are always or often there. */
  readonly data: readonly string[];
}

const general = {
  'quaywatch.authorisation.expired': {
    summary: 'An authorisation for a command ended and was never used.',
    subject: 'device',
    data: ['command', 'authorisation', 'device', 'action'],
  },
  'quaywatch.box.clock': {
    summary:
      "The machine's clock is off, or says what cannot be (raised), or is right again (cleared): what the box dated in between is off by movedMs.",
    subject: 'none',
    data: ['state', 'wall'],
  },
  'quaywatch.box.corrupt': {
    summary:
      'Something that the box keeps was damaged: of its outbox what could not be read is gone, and tombstones say how much; a file with a copy is back when `restored` says so.',
    subject: 'none',
    data: [],
  },
  'quaywatch.box.dropping': {
    summary: 'The box drops its oldest telemetry, or verdicts, for want of room, or has stopped to.',
    subject: 'none',
    data: ['state', 'telemetry', 'verdict'],
  },
  'quaywatch.box.full': {
    summary: 'The outbox holds only what may not be dropped: sources are paused, or go on again.',
    subject: 'none',
    data: ['state'],
  },
  'quaywatch.box.lag': {
    summary: 'The box is behind with what it took in, or has caught up.',
    subject: 'none',
    data: ['state'],
  },
  'quaywatch.box.refused': {
    summary: 'The hub turned away a connection in the name of a box: revoked, unknown, or out of bounds.',
    subject: 'box',
    data: ['code', 'message'],
  },
  'quaywatch.cargo.arrived': {
    summary:
      'A container came to the end of a leg, and nothing shows that it is on another truck or has another mass than at its begin; `unread`: no plate was read at one of its ends.',
    subject: 'container',
    data: ['leg', 'unread', 'truck', 'before', 'from', 'point', 'began', 'seconds', 'massKg', 'beforeKg'],
  },
  'quaywatch.cargo.changed': {
    summary:
      'A container came to the end of a leg otherwise than it began it: `differs` says what is other (`truck`, `mass`).',
    subject: 'container',
    data: [
      'leg',
      'differs',
      'unread',
      'truck',
      'before',
      'from',
      'point',
      'began',
      'seconds',
      'massKg',
      'beforeKg',
    ],
  },
  'quaywatch.command.acknowledged': {
    summary: 'The device has acknowledged a command; whether it was done, only its own report says.',
    subject: 'device',
    data: ['command', 'authorisation', 'device', 'action', 'state', 'acknowledged'],
  },
  'quaywatch.command.confirmed': {
    summary: 'The device itself has reported what the command was to bring about.',
    subject: 'device',
    data: ['command', 'authorisation', 'device', 'action', 'state', 'acknowledged'],
  },
  'quaywatch.command.failed': {
    summary: 'A command could not be given to its device, or the device has refused it.',
    subject: 'device',
    data: ['command', 'authorisation', 'device', 'action', 'state', 'acknowledged', 'code', 'detail'],
  },
  'quaywatch.command.refused': {
    summary: 'The box did not carry out a command: its authorisation, time, place or rate was not right.',
    subject: 'device',
    data: ['command', 'authorisation', 'device', 'action', 'state', 'acknowledged', 'code', 'detail'],
  },
  'quaywatch.command.sent': {
    summary: 'A command was authorised and goes to its device, once.',
    subject: 'device',
    data: ['command', 'authorisation', 'device', 'action', 'state', 'acknowledged'],
  },
  'quaywatch.command.timedOut': {
    summary: 'The device has not reported in time what a command was to bring about.',
    subject: 'device',
    data: ['command', 'authorisation', 'device', 'action', 'state', 'acknowledged', 'code', 'detail'],
  },
  'quaywatch.control.completed': {
    summary: 'An object has gone through the whole plan.',
    subject: 'object',
    data: ['plan', 'step'],
  },
  'quaywatch.control.overdue': {
    summary: 'A step of the plan is overdue: the object was not heard there.',
    subject: 'object',
    data: ['plan', 'step', 'overdue'],
  },
  'quaywatch.control.step': {
    summary: 'An object has done a step of its plan; `expected` says when the next ones are due.',
    subject: 'object',
    data: ['plan', 'step', 'before', 'seconds', 'expected'],
  },
  'quaywatch.control.violation': {
    summary: 'A step came too fast, too slow, out of order, or with steps left out.',
    subject: 'object',
    data: ['plan', 'step', 'violation', 'before', 'seconds', 'skipped'],
  },
  'quaywatch.corridor.deviation': {
    summary: 'The object has left the route that it was on, at the time of the first fix out.',
    subject: 'device',
    data: ['corridor', 'confirmed', 'offsetM', 'alongM', 'lon', 'lat'],
  },
  'quaywatch.corridor.rejoin': {
    summary: 'The object is back on the route: for how long, how far and over which way it was off.',
    subject: 'device',
    data: ['corridor', 'confirmed', 'seconds', 'maxOffsetM', 'lengthM', 'alongM'],
  },
  'quaywatch.corridor.wrongWay': {
    summary: 'The object goes back along a one-way route.',
    subject: 'device',
    data: ['corridor', 'confirmed', 'backM', 'alongM'],
  },
  'quaywatch.device.gap': {
    summary: 'A source that cannot repeat itself was not heard for a while: what it said then is lost.',
    subject: 'device',
    data: ['from', 'to', 'reason', 'node'],
  },
  'quaywatch.driver.reject': {
    summary: 'Bytes of a device that are no message; in error records alone.',
    subject: 'none',
    data: ['bytes', 'length'],
  },
  'quaywatch.fence.cross': {
    summary:
      'The object passed through the fence between two fixes; `possible` when they are far apart in time.',
    subject: 'device',
    data: ['fence', 'fences', 'confirmed', 'possible'],
  },
  'quaywatch.fence.dwell': {
    summary: 'The object stayed inside the fence for the configured time; `presumed` when no fix said so.',
    subject: 'device',
    data: ['fence', 'fences', 'confirmed', 'dwellSeconds', 'presumed'],
  },
  'quaywatch.fence.enter': {
    summary:
      'The object came into the fence, at the time of the crossing; with `opened` it was in it when a window of the fence began, at that time.',
    subject: 'device',
    data: ['fence', 'fences', 'confirmed', 'opened'],
  },
  'quaywatch.fence.exit': {
    summary: 'The object left the fence, at the time of the crossing.',
    subject: 'device',
    data: ['fence', 'fences', 'confirmed'],
  },
  'quaywatch.fence.free': {
    summary: 'No more objects are in the fence than its capacity again.',
    subject: 'fence',
    data: ['fence', 'count', 'capacity'],
  },
  'quaywatch.fence.full': {
    summary: 'More objects are in the fence than its capacity.',
    subject: 'fence',
    data: ['fence', 'count', 'capacity'],
  },
  'quaywatch.flow.timer': {
    summary: 'A timer that a stage could not handle; in error records alone.',
    subject: 'none',
    data: ['node'],
  },
  'quaywatch.guard.restored': {
    summary: 'What is guarded is inside, locked or heard again.',
    subject: 'device',
    data: ['reason', 'seconds'],
  },
  'quaywatch.guard.silent': {
    summary: 'What is guarded has not been heard for the configured time.',
    subject: 'device',
    data: ['since', 'seconds', 'lon', 'lat'],
  },
  'quaywatch.guard.violated': {
    summary: 'What is guarded left its fences, was unlocked, or was not heard: `reason` says which.',
    subject: 'device',
    data: ['reason', 'confirmed', 'lon', 'lat', 'uncertaintyM', 'placeOf', 'placeBy'],
  },
  'quaywatch.join.matched': {
    summary: 'Two messages belong together, or one found no partner in time.',
    subject: 'key of the join',
    data: ['key', 'left', 'right'],
  },
  'quaywatch.outbox.tombstone': {
    summary: 'Events of a box will never come: a range that was dropped or damaged, said by the hub.',
    subject: 'box',
    data: ['box', 'priority', 'from', 'to', 'count', 'reason'],
  },
  'quaywatch.release.fallback': {
    summary:
      'The box ended again and again under a release and runs the last one that was healthy, or its own flows.',
    subject: 'box',
    data: ['version', 'to', 'crashes'],
  },
  'quaywatch.scan.completed': {
    summary: 'A scan has ended and is a file on the box, with its thumbnail, or could not be kept.',
    subject: 'scan',
    data: [
      'scan',
      'scanner',
      'columns',
      'rows',
      'planes',
      'ended',
      'end',
      'lines',
      'bytes',
      'sha256',
      'thumbnail',
    ],
  },
  'quaywatch.scan.evicted': {
    summary: 'The box has given up the pixels of a scan: too old, over the disk budget, or damaged.',
    subject: 'scan',
    data: ['scan', 'reason', 'bytes'],
  },
  'quaywatch.scan.started': {
    summary: 'Lines of a scan come.',
    subject: 'scan',
    data: ['scan', 'scanner', 'rows', 'planes', 'energiesMv', 'pixelMm', 'airLevel', 'started'],
  },
  'quaywatch.scan.unkept': {
    summary: 'Scans cannot be written to disk and are judged from memory alone, or can be again.',
    subject: 'none',
    data: ['state', 'code', 'detail'],
  },
  'quaywatch.scan.verdict': {
    summary: 'What is concluded of a scan, with the findings, models and thresholds that it rests on.',
    subject: 'object of the scan, else the scan',
    data: ['scan', 'outcome', 'confidence', 'reasons', 'findings', 'models', 'declaration'],
  },
  'quaywatch.seal.unauthorised': {
    summary: 'A seal reports that it was opened, and nobody has authorised that.',
    subject: 'device',
    data: ['device', 'state', 'before', 'reason', 'container', 'lon', 'lat'],
  },
  'quaywatch.sequence.conflict': {
    summary: 'A box sent a number again with other content: refused, said by the hub.',
    subject: 'box',
    data: ['box', 'sequence'],
  },
  'quaywatch.threshold.cleared': {
    summary: 'A value is back behind its limit.',
    subject: 'key of the threshold',
    data: ['key', 'side', 'limit', 'value', 'since', 'raised', 'severity'],
  },
  'quaywatch.threshold.raised': {
    summary: 'A value is beyond its limit.',
    subject: 'key of the threshold',
    data: ['key', 'side', 'limit', 'value', 'since', 'severity'],
  },
  'quaywatch.window.closed': {
    summary: 'A window ended: its aggregates.',
    subject: 'key of the window',
    data: ['key', 'begin', 'end', 'count', 'values'],
  },
  'quaywatch.watch.hit': {
    summary: 'Something that is on a watch list of the hub was heard of.',
    subject: 'what the event that names it is about',
    data: [
      'list',
      'title',
      'entry',
      'field',
      'object',
      'cause',
      'causeType',
      'note',
      'lon',
      'lat',
      'fence',
      'point',
    ],
  },
} as const satisfies Record<string, EventType>;

/** Every event type there is but `quaywatch.<kind>.observed`, which `emit` makes of a plain message; by name. */
export const eventTypes: Readonly<Record<string, EventType>> = Object.fromEntries(
  Object.entries({ ...general, ...oreEventTypes, ...trackEventTypes }).sort(([a], [b]) => (a < b ? -1 : 1)),
);
