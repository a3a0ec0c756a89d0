import { type Static, Type } from 'typebox';

/**
 * Sums over the increments of a lot in whole numbers without an end: the same to the last bit in whatever parts they were added up.
 * Masses are kilograms, values millionths of a percent.
 */
const whole = (description: string) => Type.String({ description, pattern: '^-?\\d+$' });

export const ValueSums = Type.Object({
  increments: Type.Integer({ description: 'Increments that have the value.' }),
  massKg: whole('Sum of masses, kg.'),
  mass2: whole('Sum of squared masses.'),
  value: whole('Sum of mass times value.'),
  value2: whole('Sum of mass times squared value.'),
  noise: whole('Sum of squared mass times squared random deviation.'),
  bias: whole('Sum of mass times deviation of what the lot has in common.'),
  pairs: Type.Integer({ description: 'Neighbouring pairs that both have it.' }),
  steps: whole('Sum of squared differences of neighbours.'),
  odd: Type.Tuple([whole('Mass of increments with odd numbers, kg.'), whole('Their mass times value.')]),
  first: Type.Integer({ description: 'Number of the first increment that has it.' }),
  firstValue: Type.Integer({ description: 'Its value.' }),
  last: Type.Integer({ description: 'Number of the last one.' }),
  lastValue: Type.Integer({ description: 'Its value.' }),
});
export type ValueSums = Static<typeof ValueSums>;

export interface IncrementValue {
  readonly increment: number;
  readonly massKg: number;
  /** Percent, each. */
  readonly value: number;
  readonly sigma: number;
  readonly bias: number;
}

const micro = (percent: number): number => Math.round(percent * 1e6);

export function sumsOf({ increment, massKg, value, sigma, bias }: IncrementValue): ValueSums {
  const [m, x, s, b] = [BigInt(massKg), BigInt(micro(value)), BigInt(micro(sigma)), BigInt(micro(bias))];
  const odd: [string, string] = increment % 2 === 1 ? [`${m}`, `${m * x}`] : ['0', '0'];
  return {
    increments: 1,
    massKg: `${m}`,
    mass2: `${m * m}`,
    value: `${m * x}`,
    value2: `${m * x * x}`,
    noise: `${m * m * s * s}`,
    bias: `${m * b}`,
    pairs: 0,
    steps: '0',
    odd,
    first: increment,
    firstValue: Number(x),
    last: increment,
    lastValue: Number(x),
  };
}

const plus = (a: string, b: string): string => `${BigInt(a) + BigInt(b)}`;

/** Sums of two stretches of a lot, the one behind the other. */
export function joinSums(a: ValueSums, b: ValueSums): ValueSums {
  if (b.first < a.first) return joinSums(b, a);
  const meet = b.first === a.last + 1;
  const step = BigInt(b.firstValue - a.lastValue);
  return {
    increments: a.increments + b.increments,
    massKg: plus(a.massKg, b.massKg),
    mass2: plus(a.mass2, b.mass2),
    value: plus(a.value, b.value),
    value2: plus(a.value2, b.value2),
    noise: plus(a.noise, b.noise),
    bias: plus(a.bias, b.bias),
    pairs: a.pairs + b.pairs + (meet ? 1 : 0),
    steps: meet ? `${BigInt(a.steps) + BigInt(b.steps) + step * step}` : plus(a.steps, b.steps),
    odd: [plus(a.odd[0], b.odd[0]), plus(a.odd[1], b.odd[1])],
    first: a.first,
    firstValue: a.firstValue,
    last: b.last,
    lastValue: b.lastValue,
  };
}
