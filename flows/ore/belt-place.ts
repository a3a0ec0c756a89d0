import { type Static, Type } from 'typebox';

const number = (description: string) => Type.Number({ description });
const count = (description: string) => Type.Integer({ description, minimum: 0 });
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 200 });

/** What was declared of a lot: the first four name the rung of its ladder. */
export const Declared = Type.Object(
  {
    lot: text('Identity of the lot.'),
    shipper: text('Who ships it.'),
    brand: text('Brand as the models know it.'),
    mine: text('Mine.'),
    port: text('Port of loading.'),
    massT: Type.Optional(number('Declared mass, t.')),
    ship: Type.Optional(text('Ship, by name or IMO number.')),
    holds: Type.Optional(
      Type.Array(Type.Object({ hold: text('Hold.'), massT: number('Mass that lies in it, t.') }), {
        description: 'Holds in the order in which they are discharged.',
      }),
    ),
    declaration: Type.Optional(text('Number of the declaration.')),
    certificatePct: Type.Optional(
      Type.Record(Type.String(), Type.Number(), {
        description: 'Analysis of the certificate, mass percent.',
      }),
    ),
  },
  { description: 'What was declared of the lot.' },
);
export type Declared = Static<typeof Declared>;

/**
 * `attributes.belt` of every measurement behind the `belt` stage: which ore it is of. Metres and tonnes belong to the ore, not to the
 * sensor: two sensors that saw the same ore say the same place, however far apart they stand.
 */
export const BeltPlace = Type.Object({
  lot: text('Lot that the ore belongs to.'),
  positionM: number('Metres of belt that had gone by the scale when this ore did.'),
  massT: number('Tonnes of the lot that lie in front of this ore.'),
  increment: count('Number of the increment in its lot, from 0.'),
  window: count(
    'Number of the window in its lot, from 0: a window is a fixed mass, some of them an increment.',
  ),
  loadKgPerM: number('Load of the belt at this ore, kg/m; 0 where nobody knows.'),
});
export type BeltPlace = Static<typeof BeltPlace>;

/** `data` of `quaywatch.increment.closed`: sent behind the last measurement of its ore. */
export const IncrementClosed = Type.Object({
  lot: text('Lot.'),
  increment: count('Number in its lot, from 0.'),
  massKg: count('Its mass, kg.'),
  fromT: number('Tonnes of the lot in front of it.'),
  fromM: number('Where it begins, metres of belt.'),
  toM: number('Where it ends, metres of belt.'),
  from: Type.String({ description: 'When it began to go over the scale.' }),
  to: Type.String({ description: 'When its end went over the scale.' }),
  windows: Type.Object(
    { from: count('First window.'), to: count('One past the last.') },
    { description: 'Windows of it, numbers in the lot.' },
  ),
  windowT: number('Mass of a window, t.'),
  last: Type.Boolean({ description: 'It is the last of its lot.' }),
  /** Seconds during which the belt stood, and share of the mass that came while the scale was silent. */
  stoodSeconds: number('Seconds during which the belt stood.'),
  hold: Type.Optional(text('Hold that it came from, by the plan.')),
  declared: Declared,
});
export type IncrementClosed = Static<typeof IncrementClosed>;
