import { type Static, type TObject, type TProperties, Type } from 'typebox';

/** A moment, ISO 8601 in UTC with a `Z`. */
export const IsoTime = Type.String({
  description: 'Moment as ISO 8601 in UTC, ending in Z.',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$',
});

const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  Type.Enum(values, { description });

export const Quality = oneOf(
  ['good', 'stale', 'suspect', 'bad'],
  'How far the value can be trusted; good unless said otherwise.',
);
export type Quality = Static<typeof Quality>;

const describe = (description: string) => ({ description });
const number = (description: string) => Type.Number(describe(description));
const text = (description: string) => Type.String(describe(description));

const common = {
  device: Type.Optional(text('Identity of the device, as on the wire or as configured.')),
  time: Type.Optional(IsoTime),
  received: Type.Optional(IsoTime),
  quality: Quality,
  attributes: Type.Record(Type.String(), Type.Unknown(), {
    description: "Whatever else the device said, by its standard's names.",
  }),
};

const message = <const K extends string, P extends TProperties>(
  kind: K,
  description: string,
  properties: P,
) => Type.Object({ kind: Type.Literal(kind), ...common, ...properties }, { description });

const lon = Type.Number({ description: 'Longitude, degrees east.', minimum: -180, maximum: 180 });
const lat = Type.Number({ description: 'Latitude, degrees north.', minimum: -90, maximum: 90 });

export const Position = message('position', 'Where a device was.', {
  lon,
  lat,
  speedKph: Type.Optional(number('Speed over ground, km/h.')),
  courseDeg: Type.Optional(number('Course over ground, degrees clockwise from true north.')),
  altitudeM: Type.Optional(number('Altitude above mean sea level, metres.')),
  accuracyM: Type.Optional(number('Horizontal accuracy (1 sigma or as the device means it), m.')),
  hdop: Type.Optional(number('Horizontal dilution of precision.')),
  satellites: Type.Optional(number('Satellites used in the fix.')),
  fix: Type.Boolean(describe('Whether the receiver had a valid fix.')),
});

export const Identity = message('identity', 'What a device or vehicle says of itself.', {
  name: Type.Optional(text('Name.')),
  callsign: Type.Optional(text('Radio call sign.')),
  plate: Type.Optional(text('Registration plate.')),
  type: Type.Optional(
    Type.Union([Type.String(), Type.Number()], describe('Type, as the standard codes it.')),
  ),
  dimensions: Type.Optional(Type.Record(Type.String(), Type.Number(), describe('Lengths in metres.'))),
  destination: Type.Optional(text('Destination as stated.')),
});

export const Passage = message('passage', 'One object seen at one point.', {
  object: text('Identity that was read: plate, container number, ticket.'),
  point: text('Gate, camera or weighbridge.'),
  lane: Type.Optional(text('Lane at the point.')),
  confidence: Type.Number({ description: 'Confidence of the reading, 0..1.', minimum: 0, maximum: 1 }),
});

export const Seal = message('seal', 'State of an electronic seal.', {
  state: oneOf(['locked', 'unlocked', 'tampered', 'cut', 'fault'], 'State of the seal.'),
  container: Type.Optional(text('Container number, ISO 6346.')),
  batteryPct: Type.Optional(number('Battery, percent.')),
  lon: Type.Optional(lon),
  lat: Type.Optional(lat),
  reason: Type.Optional(text('Why the state changed, as the seal says.')),
});

export const Reading = message('reading', 'One measured value.', {
  name: text('What was measured.'),
  value: number('The value.'),
  unit: text('Unit, UCUM.'),
});

export const Spectrum = message('spectrum', 'One spectrum.', {
  technique: oneOf(['nir', 'xrf', 'gamma'], 'How it was measured.'),
  axis: Type.Union(
    [
      Type.Object({ unit: Type.String(), start: Type.Number(), step: Type.Number() }),
      Type.Object({ unit: Type.String(), values: Type.Array(Type.Number()) }),
    ],
    describe('Abscissa: regular (start, step) or listed, with its unit.'),
  ),
  values: Type.Array(Type.Number(), describe('Ordinate, one value a channel.')),
  liveTimeS: Type.Optional(number('Live time, seconds.')),
  channel: Type.Optional(text('Detector or channel name.')),
});

export const FrameHandle = Type.Object(
  { file: Type.String(), offset: Type.Number(), sha256: Type.String() },
  describe('Where the pixels are; never copied between stages.'),
);

export const Frame = message('frame', 'One image or strip of lines.', {
  view: oneOf(['side', 'top', 'slice', 'dr', 'belt', 'visible'], 'Which view it is.'),
  width: Type.Integer(describe('Columns, pixels.')),
  height: Type.Integer(describe('Rows, pixels.')),
  planes: Type.Array(Type.String(), describe('Names of the planes.')),
  bits: Type.Integer(describe('Bits a sample.')),
  data: FrameHandle,
  scan: Type.Optional(text('Scan that it belongs to.')),
  line0: Type.Optional(Type.Integer(describe('Number of its first line in the scan.'))),
});

export const Goods = Type.Object({
  hs: text('Harmonized System code.'),
  description: text('Goods as described.'),
  quantity: Type.Optional(number('Quantity.')),
  weightKg: Type.Optional(number('Weight, kg.')),
  value: Type.Optional(number('Declared value.')),
  origin: Type.Optional(text('Country of origin, ISO 3166.')),
});

export const Declaration = message('declaration', 'A cargo, parcel or ship declaration as filed.', {
  id: text('Number of the declaration.'),
  goods: Type.Array(Goods, describe('Lines of goods.')),
  parties: Type.Optional(Type.Record(Type.String(), Type.String(), describe('Parties by role.'))),
  conveyance: Type.Optional(text('Vehicle, vessel or container.')),
  route: Type.Optional(Type.Array(Type.String(), describe('Places, in order.'))),
});

export const Finding = message('finding', 'What a model claims.', {
  model: text('Bundle id.'),
  modelVersion: text('Bundle version.'),
  label: text('What is claimed.'),
  score: Type.Number({ description: 'Calibrated score, 0..1.', minimum: 0, maximum: 1 }),
  region: Type.Optional(Type.Unknown(describe('Where in the input, in its own coordinates.'))),
  scan: Type.Optional(text('Scan that it is about.')),
  subject: Type.Optional(text('Object that it is about.')),
  evidence: Type.Unknown(describe('What the claim rests on.')),
});

export const Verdict = message('verdict', 'What the system concludes.', {
  subject: text('Object of the verdict.'),
  outcome: oneOf(['clear', 'suspect', 'none'], 'Conclusion; none is never shown as clear.'),
  confidence: Type.Number({ description: 'Confidence, 0..1.', minimum: 0, maximum: 1 }),
  reasons: Type.Array(Type.String(), describe('Why, in words.')),
  findings: Type.Array(Type.Unknown(), describe('Findings that it rests on.')),
  scan: Type.Optional(text('Scan that it is about.')),
  models: Type.Optional(
    Type.Array(Type.Unknown(), describe('Models that looked at it, with their versions.')),
  ),
  simulationValidated: Type.Optional(
    Type.Boolean(describe('A model that it rests on was validated on simulated data alone.')),
  ),
  declaration: Type.Optional(
    Type.Unknown(describe('What was declared for the object, where that is known.')),
  ),
});

/**
 * What a stage concluded and `emit` makes an event of. It lives inside a flow only; what leaves a
 * box is the `Event` of event.ts.
 */
export const EventDraft = message('event', 'A conclusion on its way to `emit`.', {
  type: text('Event type, `quaywatch.<area>.<what>`.'),
  subject: Type.Optional(text('What it is about.')),
  data: Type.Record(Type.String(), Type.Unknown(), describe('The conclusion.')),
  stage: Type.Optional(text('Node that concluded it.')),
  supersedes: Type.Optional(text('Id of the event that this one corrects.')),
  name: Type.Optional(text('Name within its flow, by which a later event can correct this one.')),
  corrects: Type.Optional(text('Name of the event that this one corrects: its id becomes `supersedes`.')),
});
export type EventDraft = Static<typeof EventDraft>;

/** Schemas by kind; the one list of what travels. */
export const messageSchemas = {
  position: Position,
  identity: Identity,
  passage: Passage,
  seal: Seal,
  reading: Reading,
  spectrum: Spectrum,
  frame: Frame,
  declaration: Declaration,
  finding: Finding,
  verdict: Verdict,
  event: EventDraft,
} as const satisfies Record<string, TObject>;

export type Kind = keyof typeof messageSchemas;
export type MessageOf<K extends Kind> = Static<(typeof messageSchemas)[K]>;
export type Message = { [K in Kind]: MessageOf<K> }[Kind];
export const kinds = Object.keys(messageSchemas) as Kind[];

export type Position = MessageOf<'position'>;
export type Seal = MessageOf<'seal'>;
export type Reading = MessageOf<'reading'>;
