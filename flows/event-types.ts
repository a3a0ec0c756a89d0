/** What an event of one type says; the reference and the lint of the house are made from it. */
export interface EventType {
  readonly summary: string;
  /** What `subject` names. */
  readonly subject: string;
  /** Fields of `data` that are always or often there. */
  readonly data: readonly string[];
}

/** Every event type there is but `quaywatch.<kind>.observed`, which `emit` makes of a plain message. */
export const eventTypes = {
  'quaywatch.box.refused': {
    summary: 'The hub turned away a connection in the name of a box: revoked, unknown, or out of bounds.',
    subject: 'box',
    data: ['code', 'message'],
  },
  'quaywatch.device.gap': {
    summary: 'A source that cannot repeat itself was not heard for a while: what it said then is lost.',
    subject: 'device',
    data: ['from', 'to', 'reason', 'node'],
  },
  'quaywatch.fence.cross': {
    summary: 'The object passed through the fence between two fixes.',
    subject: 'device',
    data: ['fence', 'confirmed'],
  },
  'quaywatch.fence.dwell': {
    summary: 'The object stayed inside the fence for the configured time.',
    subject: 'device',
    data: ['fence', 'confirmed'],
  },
  'quaywatch.fence.enter': {
    summary: 'The object came into the fence, at the time of the crossing.',
    subject: 'device',
    data: ['fence', 'confirmed'],
  },
  'quaywatch.fence.exit': {
    summary: 'The object left the fence, at the time of the crossing.',
    subject: 'device',
    data: ['fence', 'confirmed'],
  },
  'quaywatch.outbox.tombstone': {
    summary: 'Events of a box that will never come: the range, how many, and why.',
    subject: 'box',
    data: ['box', 'priority', 'from', 'to', 'count', 'reason'],
  },
  'quaywatch.sequence.conflict': {
    summary: 'A box sent a number again with another content; what the hub had stored before stands.',
    subject: 'box',
    data: ['box', 'sequence'],
  },
} as const satisfies Record<string, EventType>;
