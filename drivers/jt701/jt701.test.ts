import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, Position, Seal } from '#flows/message';
import { jt701Codec } from './codec.ts';
import { confirmation } from './driver.ts';
import { lockFrame, lockIdOf } from './encode.ts';
import { lockStatus } from './status.ts';

/** Reports of locks and terminals in the field, as the tests of other decoders have them. */
const field = {
  lock: '2480413009781914003406102107544354193631006213423b00000000006c070000000020e064f91ea0671d00020f0f0f0f0f0f0f0f0f0f07f100ea0f6e',
  shaken: '2475201509261611002313101503464722331560113555309F00000000002D0500CB206800F064109326381A03',
  terminal: '24311021600111001B16021105591022329862114046227B0598095080012327951435161F',
  late: '2440811188882400A209060908045322564025113242329F0598000001003F0000002D0009060908050322564025113242329F0598000001003F0000002D0009060908051322564025113242329F0598000001003F0000002D0009060908052322564025113242329F0598000001003F0000002D0009060908053322564025113242329F0598000001003F0000002D0009060908054322564025113242329F0598000001003F0000002D001F',
  opened: '(8000632862,P45,290322,132412,25.28217,S,57.54683,W,A,0,0,5,0,0012345678,0,0,9,0)',
  alarm:
    '(3460311327,U06,11,220916,135643,T,9.552553,N,13.658265,W,0.61,0,9,100%,00000001000000,11012,10,30,0,0,126,0,30)',
  old: '(3110312099,W01,11404.6204,E,2232.9961,N,A,040511,063736,4,7,100,4,17,1,1,company)',
};
const bytesOf = (report: string) => Buffer.from(report, report.startsWith('(') ? 'latin1' : 'hex');

function read(...pieces: Uint8Array[]) {
  const codec = jt701Codec();
  const framer = codec.framer();
  let state = codec.initial();
  const messages: Message[] = [];
  const codes: string[] = [];
  const answers: string[] = [];
  for (const item of [...pieces.flatMap((piece) => framer.push(piece)), ...framer.end()]) {
    const decoded = 'problem' in item ? item : codec.decode(item.frame);
    if ('problem' in decoded) {
      codes.push(decoded.problem.code);
      continue;
    }
    for (const part of decoded.parts) {
      const [next, made] = codec.assemble(state, part, 0);
      state = next;
      messages.push(...made);
      const answer = confirmation(part);
      if (answer) answers.push(Buffer.from(answer).toString('latin1'));
    }
  }
  codes.push(...codec.expire(state, 0)[2].map(({ code }) => code));
  return { messages, codes, answers };
}

describe('reports of the field', () => {
  test('a lock: where it is and how it is, confirmed with its index', () => {
    const { messages, codes, answers } = read(bytesOf(field.lock));
    expect(codes).toEqual([]);
    expect(answers).toEqual(['(P69,0,110)']);
    expect(messages).toMatchObject([
      {
        kind: 'position',
        device: '8041300978',
        time: '2021-10-06T07:54:43.000Z',
        // 54° 19.3631', 6° 21.3423', flags b: valid, north, west
        lat: 54.3227183,
        lon: -6.355705,
        fix: true,
        satellites: 7,
        attributes: { odometerKm: 108, cell: { id: 63774, lac: 41063 } },
      },
      { kind: 'seal', device: '8041300978', state: 'locked', batteryPct: 100 },
    ]);
    expect(messages[1]).not.toHaveProperty('reason');
  });

  test('a lock that was shaken is locked and says so; an older one is confirmed without an index', () => {
    const { messages, answers } = read(bytesOf(field.shaken));
    expect(messages[1]).toMatchObject({ state: 'locked', attributes: { alarms: ['vibration'] } });
    expect(answers).toEqual(['(P35)']);
  });

  test('a terminal, and what it kept in a blind area', () => {
    expect(read(bytesOf(field.terminal)).messages).toMatchObject([
      { device: '3110216001', time: '2011-02-16T05:59:10.000Z', lat: 22.54977, lon: -114.077045 },
    ]);
    const { messages, codes } = read(bytesOf(field.late));
    expect([messages.length, codes]).toEqual([6, []]);
    expect(messages.map(({ time }) => time?.slice(14, 19))).toEqual([
      '04:53',
      '05:03',
      '05:13',
      '05:23',
      '05:33',
      '05:43',
    ]);
  });

  test('an opening with who did it, the card as a digest alone', () => {
    const { messages, answers } = read(bytesOf(field.opened));
    expect(messages).toMatchObject([
      {
        time: '2022-03-29T13:24:12.000Z',
        lat: -25.28217,
        lon: -57.54683,
        attributes: { lockEvent: { source: 5, unlockVerified: 0, wrongPasswords: 0, index: 9 } },
      },
    ]);
    expect(JSON.stringify(messages)).not.toContain('0012345678');
    expect(answers).toEqual(['(P69,0,9)']);
  });

  test('texts of terminals, answered as they wait for it', () => {
    const { messages, answers } = read(bytesOf(field.alarm), bytesOf(field.old));
    expect(messages).toMatchObject([
      {
        time: '2016-09-22T13:56:43.000Z',
        lat: 9.552553,
        lon: -13.658265,
        attributes: { alarm: 11, batteryPct: 100 },
      },
      { time: '2011-05-04T06:37:36.000Z', lat: 22.549935, lon: 114.0770067, speedKph: 4 },
    ]);
    expect(answers).toEqual(['(S20)']);
  });
});

describe('the status word', () => {
  test.each([
    [0x20c0, 'locked', undefined],
    [0x2080, 'unlocked', undefined],
    [0x2040, 'unlocked', undefined],
    [0x2100, 'unlocked', 'unlockAlarm'],
    [0x20c8, 'cut', 'stringCut'],
    [0x10c0, 'tampered', 'backCapOpened'],
    [0x60c0, 'fault', 'motorFault'],
  ])('%i is %s', (word, state, reason) => {
    expect(lockStatus(word)).toMatchObject({ state, reason });
  });

  test('whatever else is set, a cut string is never anything else, and locked needs string and motor', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff }), (word) => {
        const { state } = lockStatus(word);
        if (word & 8) expect(state).toBe('cut');
        if (state === 'locked') expect(word & 0x50c8).toBe(0xc0);
      }),
    );
  });
});

const position = (lon: number, lat: number): Position => ({
  kind: 'position',
  time: '2026-11-25T10:00:00.000Z',
  lon,
  lat,
  courseDeg: 182,
  satellites: 11,
  fix: true,
  quality: 'good',
  attributes: {},
});

test('what a simulated lock says is what is read', () => {
  const states = fc.constantFrom<Seal['state'][]>('locked', 'unlocked', 'cut', 'tampered', 'fault');
  const degrees = (most: number) => fc.integer({ min: -most * 1000, max: most * 1000 }).map((n) => n / 1000);
  fc.assert(
    fc.property(degrees(180), degrees(90), states, fc.nat({ max: 255 }), (lon, lat, state, index) => {
      const frame = lockFrame('7000000001', position(lon, lat), { state, batteryPct: 55 }, index, true);
      const { messages, answers } = read(frame);
      expect(messages).toMatchObject([
        { lon: lon || 0, lat: lat || 0, courseDeg: 182, time: '2026-11-25T10:00:00.000Z' },
        { state, batteryPct: 55 },
      ]);
      expect(answers).toEqual([`(P69,0,${index})`]);
    }),
  );
});

describe('what is spoiled', () => {
  test('digits that are none give a problem, and the next frame comes', () => {
    const spoiled = bytesOf(field.lock);
    spoiled[12] = 0xfa;
    const { messages, codes } = read(spoiled, bytesOf(field.lock));
    expect([messages.length, codes]).toEqual([2, ['jt701.body']]);
  });

  test.each([
    ['satellites of hundreds of digits', ',0,9,', `,0,${'9'.repeat(400)},`],
    ['half a satellite', ',0,9,', ',0,9.5,'],
    ['a speed of hundreds of digits', ',0.61,', `,${'6'.repeat(400)},`],
    ['an alarm of hundreds of digits', ',U06,11,', `,U06,${'1'.repeat(400)},`],
  ])('%s is a problem and no number', (_, from, to) => {
    const { messages, codes } = read(bytesOf(field.alarm.replace(from, to)));
    expect([messages, codes]).toEqual([[], ['jt701.body']]);
  });

  test('a place that cannot be is confirmed, so that it does not come for ever', () => {
    const spoiled = bytesOf(field.lock);
    spoiled[16] = 0x95;
    expect(read(spoiled)).toEqual({ messages: [], codes: ['jt701.place'], answers: ['(P69,0,110)'] });
  });

  test('a frame that was cut is never filled up with the next one', () => {
    const first = lockFrame('7000000001', position(1.5, 51.95), { state: 'locked', batteryPct: 80 }, 1, true);
    const second = lockFrame(
      '7000000001',
      position(2.5, 51.95),
      { state: 'locked', batteryPct: 80 },
      2,
      true,
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: first.length - 1 }), (cut) => {
        const { messages } = read(Buffer.concat([first.subarray(0, cut), second, second]));
        expect(messages.map((message) => ('lon' in message ? message.lon : undefined))).toEqual([
          2.5, 2.5, 2.5, 2.5,
        ]);
      }),
    );
  });

  test('noise before, between and after spoils nothing', () => {
    const noise = Buffer.from('rubbish\r\n');
    const { messages, codes } = read(noise, bytesOf(field.opened), noise, bytesOf(field.lock), noise);
    expect(messages.length).toBe(3);
    expect(new Set(codes)).toEqual(new Set(['jt701.noise']));
  });
});

test('a lock without a number has one that is always the same', () => {
  expect(lockIdOf('truck 7')).toMatch(/^7\d{9}$/);
  expect(lockIdOf('truck 7')).toBe(lockIdOf('truck 7'));
  expect(lockIdOf('8041300978')).toBe('8041300978');
});
