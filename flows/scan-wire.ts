import { type Static, Type } from 'typebox';
import { IsoTime } from './message.ts';

/**
 * Scans on the link between box and hub. The hub asks, with signed commands like any other; the box answers
 * on a topic of its own with binary messages: u32 length of the header (little-endian), the header in
 * JSON, padding to 4 bytes, the body.
 */
const text = (description: string) => Type.String({ description });
const count = (description: string, minimum = 0) => Type.Integer({ description, minimum });

const command = {
  box: text('Id of the box.'),
  issued: IsoTime,
  expires: IsoTime,
  signature: text('Ed25519 over the canonical form of all other fields, base64.'),
};

/** Hub to box: send this range of the file of a scan. */
export const ScanFetch = Type.Object({
  kind: Type.Literal('scan-fetch'),
  scan: text('Scan.'),
  offset: count('First byte.'),
  length: count('Bytes at most.', 1),
  ...command,
});
export type ScanFetch = Static<typeof ScanFetch>;

/** Hub to box: people look at these scans while they come. Replaces the one before. */
export const ScanWatch = Type.Object({
  kind: Type.Literal('scan-watch'),
  all: Type.Boolean({ description: 'Every scan of the box.' }),
  scans: Type.Array(Type.String(), { description: 'These scans.', maxItems: 100 }),
  seconds: Type.Number({ description: 'For so long, unless it is said again.', minimum: 0, maximum: 600 }),
  ...command,
});
export type ScanWatch = Static<typeof ScanWatch>;

/** Hub to box: live strips up to this number have come. It counts by the link, like other acknowledgements. */
export const StripAcknowledgement = Type.Object({
  kind: Type.Literal('strip-acknowledgement'),
  upto: count('Number of the strip.'),
});
export type StripAcknowledgement = Static<typeof StripAcknowledgement>;

/** Part of the file of a scan; the body is its bytes. */
export const Piece = Type.Object({
  kind: Type.Literal('piece'),
  scan: text('Scan.'),
  offset: count('Place of the body in the file.'),
});
export type Piece = Static<typeof Piece>;

/** There is no such file, yet or any more. No body. */
export const NoPiece = Type.Object({
  kind: Type.Literal('no-piece'),
  scan: text('Scan.'),
  reason: Type.Enum(['pending', 'gone'], { description: 'Still coming or being packed; given up.' }),
});
export type NoPiece = Static<typeof NoPiece>;

/** Newest columns of a scan, reduced; the body is its samples, laid out as `Pixels`. */
export const LiveStrip = Type.Object({
  kind: Type.Literal('strip'),
  scan: text('Scan.'),
  number: count('Counts up over all strips of this link.', 1),
  skipped: count('Strips since the one before that the link was too slow for.'),
  column0: count('First column, pixels of the scan.'),
  columns: count('Columns, after `step`.', 1),
  rows: count('Rows, after `step`.', 1),
  planes: Type.Array(Type.String(), { description: 'Names of the planes.', minItems: 1, maxItems: 8 }),
  step: Type.Integer({ description: 'The mean of step x step samples.', minimum: 1, maximum: 64 }),
});
export type LiveStrip = Static<typeof LiveStrip>;

export const ScanUpward = Type.Union([Piece, NoPiece, LiveStrip]);
export type ScanUpward = Static<typeof ScanUpward>;
