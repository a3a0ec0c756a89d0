import { expect, test } from 'vitest';
import { decodeAll } from '#test/support/decode-all';
import { aisCodec } from './codec.ts';
import { sentencesOf } from './encode.ts';

type Field = readonly [value: number, length: number];

/** The message that fields of bits make, as it is read. */
function read(...fields: readonly Field[]) {
  const bits = fields
    .map(([value, length]) => (value < 0 ? value + 2 ** length : value).toString(2).padStart(length, '0'))
    .join('');
  const text = (bits.match(/.{6}/g) ?? [])
    .map((six) => Number.parseInt(six, 2))
    .map((value) => String.fromCharCode(value < 40 ? value + 48 : value + 56))
    .join('');
  const { messages, codes } = decodeAll(aisCodec, [Buffer.from(sentencesOf({ text, fill: 0 }, 0).join(''))]);
  expect(codes).toEqual([]);
  return messages[0];
}

const head = (type: number): readonly Field[] => [
  [type, 6],
  [0, 2],
  [111_232_511, 30],
];

test.each([
  ['none of it', 4095, 1023, 3600, {}],
  ['all of it', 300, 100, 900, { altitudeM: 300, speedKph: 185.2, courseDeg: 90 }],
])('an aircraft that says %s', (_, altitude, knots, course, expected) => {
  const said = read(
    ...head(9),
    ...([
      [altitude, 12],
      [knots, 10],
      [0, 1],
      [4 * 600_000, 28],
      [52 * 600_000, 27],
      [course, 12],
      [10, 6],
      [0, 34],
    ] as const),
  );
  const { altitudeM, speedKph, courseDeg } = said as unknown as Record<string, number | undefined>;
  expect(said).toMatchObject({ kind: 'position', lon: 4, lat: 52 });
  expect({ altitudeM, speedKph, courseDeg }).toEqual(expected);
});

test.each([
  ['none of it', 63, 511, {}],
  ['all of it', 10, 90, { speedKph: 18.52, courseDeg: 90 }],
])('a ship far away that says %s', (_, knots, course, expected) => {
  const said = read(
    ...head(27),
    ...([
      [0, 6],
      [4 * 600, 18],
      [52 * 600, 17],
      [knots, 6],
      [course, 9],
      [0, 2],
    ] as const),
  );
  const { speedKph, courseDeg } = said as unknown as Record<string, number | undefined>;
  expect(said).toMatchObject({ kind: 'position', lon: 4, lat: 52 });
  expect({ speedKph, courseDeg }).toEqual(expected);
});

test('a ship far away without a place is no position', () => {
  const said = read(...head(27), [0, 6], [181 * 600, 18], [91 * 600, 17], [63, 6], [511, 9], [0, 2]);
  expect(said).toMatchObject({ kind: 'identity', device: '111232511' });
});
