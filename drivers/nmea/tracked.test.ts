import { describe, expect, test } from 'vitest';
import type { Message, Position } from '#flows/message';
import { radarCodec } from './codec.ts';
import { wrap } from './sentence.ts';
import type { RadarPlace } from './tracked.ts';

/** Messages and problem codes of a sentence that comes in pieces of seven bytes. */
function read(sentence: string, radar?: RadarPlace) {
  const codec = radarCodec(radar);
  const framer = codec.framer();
  const bytes = Buffer.from(sentence, 'latin1');
  let state = codec.initial();
  const messages: Message[] = [];
  const codes: string[] = [];
  for (let at = 0; at < bytes.length; at += 7)
    for (const framed of framer.push(bytes.subarray(at, at + 7))) {
      const decoded = 'problem' in framed ? framed : codec.decode(framed.frame);
      if ('problem' in decoded) codes.push(decoded.problem.code);
      for (const part of 'parts' in decoded ? decoded.parts : []) {
        const [next, made] = codec.assemble(state, part, 0);
        state = next;
        messages.push(...made);
      }
    }
  return { messages: messages as Position[], codes };
}

describe('targets of a radar that says how far away they are and in which direction', () => {
  const radar = { lon: 4, lat: 51 };
  const ttm = (distance: string, bearing: string, of = 'T', units = 'N', status = 'T') =>
    wrap(`RATTM,07,${distance},${bearing},${of},12.1,109.7,T,0.1,0.5,${units},TGT07,${status},,100021.00,A`);
  const places = (sentence: string, place?: RadarPlace) => read(sentence, place).messages;
  const metresOf = ({ lon, lat }: Position) => [
    Math.round((lon - 4) * 111_320 * Math.cos((51 * Math.PI) / 180)),
    Math.round((lat - 51) * 111_195),
  ];

  test('are where that is, as seen from where the radar stands', () => {
    const [target] = places(ttm('2.0', '090.0'), radar);
    expect(target).toMatchObject({
      quality: 'good',
      fix: true,
      attributes: {
        ...{ contact: 'radar', target: '07', targetName: 'TGT07', rangeM: 3704, bearingDeg: 90 },
        timeOfDay: '10:00:21.000',
      },
    });
    // east and north, metres on a sphere: some thousandths off those on the ellipsoid
    for (const [sentence, east, north] of [
      [ttm('2.0', '090.0'), 3704, 0],
      [ttm('5.0', '180.0', 'T', 'K'), 0, -5000],
      [ttm('1.0', '315.0', 'T', 'S'), -1138, 1138],
    ] as const) {
      const [x = 0, y = 0] = metresOf(places(sentence, radar)[0] as Position);
      expect(Math.hypot(x - east, y - north)).toBeLessThan(25);
    }
  });

  test('need the place of the radar, and its heading where the bearing is relative', () => {
    expect(places(ttm('2.0', '090.0'))).toEqual([]);
    expect(places(ttm('2.0', '090.0', 'R'), radar)).toEqual([]);
    const [target] = places(ttm('2.0', '350.0', 'R'), { ...radar, headingDeg: 100 });
    expect(target?.attributes.bearingDeg).toBe(90);
  });

  test('that are lost or not followed yet have no fix, and what cannot be is a problem', () => {
    expect(places(ttm('2.0', '090.0', 'T', 'N', 'L'), radar)).toMatchObject([{ fix: false, quality: 'bad' }]);
    expect(places(ttm('2.0', '090.0', 'T', 'N', 'Q'), radar)).toMatchObject([{ fix: false }]);
    for (const wrong of [
      ttm('-1', '090.0'),
      ttm('x', '1'),
      ttm('2', '400'),
      ttm('2', '90', 'T', 'F'),
      ttm('900', '1'),
    ])
      expect(read(wrong, radar)).toMatchObject({ messages: [], codes: ['nmea.field'] });
    expect(places(ttm('', ''), radar)).toEqual([]);
  });

  test('lie across the antimeridian', () => {
    expect(places(ttm('5.0', '090.0'), { lon: 179.99, lat: 0 })[0]?.lon).toBeCloseTo(-179.927, 2);
  });
});
