import { type Static, Type } from 'typebox';

const device = (description: string) => Type.String({ description, minLength: 1 });

const Sensor = Type.Object(
  {
    device: device('Device, as its messages name it.'),
    offsetM: Type.Number({
      description: 'Where it stands, metres of belt behind the scale; negative: in front of it.',
      minimum: -500,
      maximum: 500,
    }),
    delaySeconds: Type.Number({
      description: 'How long before the time of its message the middle of the measurement was, seconds.',
      default: 0,
      minimum: 0,
      maximum: 600,
    }),
  },
  { additionalProperties: false },
);

export const BeltConfig = Type.Object(
  {
    scale: device('The scale: its readings massTotal (t or kg) and beltSpeed (m/s).'),
    sensors: Type.Array(Sensor, {
      description: 'What looks at the ore; messages of other devices pass without a place.',
      minItems: 1,
      maxItems: 100,
    }),
    incrementT: Type.Number({
      description: 'Mass at which an increment closes, t.',
      default: 20,
      minimum: 1,
      maximum: 1000,
    }),
    windowT: Type.Number({
      description: 'Mass of a window, t: what one p-value is about. Whole windows make an increment.',
      default: 5,
      minimum: 0.1,
      maximum: 1000,
    }),
    kgPerM: Type.Number({
      description: 'Load by which metres are told from the totaliser while the scale says no speed, kg/m.',
      default: 500,
      exclusiveMinimum: 0,
      maximum: 5000,
    }),
    lotAheadM: Type.Number({
      description: 'How far in front of the scale a lot is when it is said to begin or end, m.',
      default: 0,
      minimum: 0,
      maximum: 1000,
    }),
    latenessSeconds: Type.Number({
      description: 'Messages may come this much later than newer ones, seconds; later ones leave by `late`.',
      default: 0.5,
      minimum: 0,
      maximum: 600,
    }),
    gapSeconds: Type.Number({
      description:
        'Silence of the scale after which it is not known which ore a sensor saw: such measurements are suspect, seconds.',
      default: 3,
      exclusiveMinimum: 0,
      maximum: 3600,
    }),
    emptyKgPerM: Type.Number({
      description: 'A belt with less on it is empty, kg/m.',
      default: 20,
      minimum: 0,
      maximum: 1000,
    }),
    maxHeld: Type.Integer({
      description: 'Most messages that wait for the scale; one more leaves by the error port.',
      default: 5000,
      minimum: 10,
      maximum: 1_000_000,
    }),
  },
  { additionalProperties: false },
);
export type BeltConfig = Static<typeof BeltConfig>;

export function checkBelt({ incrementT, windowT, sensors, scale }: BeltConfig) {
  const windows = incrementT / windowT;
  return [
    ...(Math.abs(windows - Math.round(windows)) > 1e-9 || windows < 1
      ? [{ path: 'windowT', message: `${incrementT} t are no whole windows of ${windowT} t` }]
      : []),
    ...sensors.flatMap(({ device: name }, i) =>
      name === scale || sensors.findIndex((other) => other.device === name) < i
        ? [{ path: `sensors[${i}].device`, message: `${name} is named twice` }]
        : [],
    ),
  ];
}
