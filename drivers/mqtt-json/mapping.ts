import { type Static, Type } from 'typebox';

/** Kinds that a device may send: conclusions are the system's own. */
export const deviceKinds = [
  'position',
  'identity',
  'passage',
  'seal',
  'reading',
  'spectrum',
  'declaration',
] as const;

/** Factor from a unit on the wire to the unit of the message's field (km/h, m, degrees, percent). */
export const units = {
  'km/h': 1,
  'm/s': 3.6,
  kn: 1.852,
  mph: 1.609344,
  m: 1,
  km: 1000,
  ft: 0.3048,
  deg: 1,
  rad: 180 / Math.PI,
  arcmin: 1 / 60,
  '1e-6deg': 1e-6,
  '1e-7deg': 1e-7,
  '%': 1,
  ratio: 100,
} as const;

export const timeFormats = ['iso', 'isoUtc', 'unix', 'unixMs'] as const;

const pointerText =
  'JSON pointer (RFC 6901) into the item, or into the whole payload when it begins with #; it goes through text that holds JSON.';

export const Source = Type.Object(
  {
    pointer: Type.Optional(Type.String({ description: pointerText, pattern: '^#?(/[^/]*)*$' })),
    topicLevel: Type.Optional(
      Type.Integer({ description: 'Level of the topic, from 1.', minimum: 1, maximum: 64 }),
    ),
    value: Type.Optional(Type.Unknown({ description: 'A constant.' })),
    unit: Type.Optional(
      Type.Enum(Object.keys(units) as (keyof typeof units)[], {
        description: "Unit on the wire; the value is brought to the field's own.",
      }),
    ),
    scale: Type.Optional(Type.Number({ description: 'Factor, before the offset.' })),
    offset: Type.Optional(Type.Number({ description: 'Added after the factor.' })),
    values: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'What each value of the wire means; * for all others.',
      }),
    ),
    time: Type.Optional(
      Type.Enum(timeFormats, {
        description:
          'Format of a time: iso (with zone), isoUtc (without), unix (seconds), unixMs (milliseconds).',
      }),
    ),
    optional: Type.Optional(
      Type.Boolean({ description: 'The field may be absent; else the item is refused without it.' }),
    ),
  },
  { description: 'Where a value comes from: pointer, topicLevel or value.', additionalProperties: false },
);
export type Source = Static<typeof Source>;

export const Rule = Type.Object(
  {
    when: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'Values by pointer, all of which must be so; absent: the rule always applies.',
      }),
    ),
    kind: Type.Enum(deviceKinds, { description: 'Kind of the message.' }),
    device: Type.Optional(Source),
    time: Type.Optional(Source),
    fields: Type.Record(Type.String(), Source, { description: 'Fields of the message by name.' }),
    attributes: Type.Record(Type.String(), Source, {
      description: 'Attributes by name; absent values are left out.',
      default: {},
    }),
  },
  { description: 'How one kind of item becomes a message.', additionalProperties: false },
);
export type Rule = Static<typeof Rule>;

export const Mapping = Type.Object(
  {
    items: Type.Optional(
      Type.String({
        description: 'JSON pointer to a list in the payload of which each element is an item.',
        pattern: '^(/[^/]*)*$',
      }),
    ),
    rules: Type.Array(Rule, { description: 'Rules in order: the first that applies is taken.', minItems: 1 }),
  },
  { description: 'How any JSON becomes messages.', additionalProperties: false },
);
export type Mapping = Static<typeof Mapping>;
