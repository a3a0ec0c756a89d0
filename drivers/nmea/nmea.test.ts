import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, Position } from '#flows/message';
import { nmeaCodec, radarCodec } from './codec.ts';
import { sentencesOf } from './encode.ts';
import { epochSilenceMs } from './epoch.ts';
import type { Sentence } from './fields.ts';
import { sentenceFramer } from './frame.ts';
import { damage, wrap } from './sentence.ts';

/** Messages and problem codes of a text, given to the codec in pieces of `size`. */
function read(text: string, size = text.length || 1, codec = nmeaCodec) {
  const framer = codec.framer();
  const bytes = Buffer.from(text, 'latin1');
  const messages: Message[] = [];
  const codes: string[] = [];
  let state = codec.initial();
  const take = (framed: ReturnType<typeof framer.push>) => {
    for (const item of framed) {
      const decoded = 'problem' in item ? item : codec.decode(item.frame);
      if ('problem' in decoded) codes.push(decoded.problem.code);
      else
        for (const part of decoded.parts) {
          const [next, made] = codec.assemble(state, part, 0);
          state = next;
          messages.push(...made);
        }
    }
  };
  for (let at = 0; at < bytes.length; at += size) take(framer.push(bytes.subarray(at, at + size)));
  take(framer.end());
  messages.push(...codec.expire(state, Number.POSITIVE_INFINITY)[1]);
  return { messages, codes };
}

const positions = (...bodies: string[]) => read(bodies.map(wrap).join('')).messages as Position[];
const gga = (time: string, minutes = '00.0000', quality = 1) =>
  `GPGGA,${time},51${minutes},N,00400.0000,E,${quality},08,1.1,12.5,M,45.0,M,,`;
const rmc = (time: string, minutes = '00.0000', date = '310126', status = 'A') =>
  `GPRMC,${time},${status},51${minutes},N,00400.0000,E,10.0,090.0,${date},,,A`;

/** The fields of a body, which come behind its address. */
function fieldsOf(...texts: string[]): Sentence {
  const [framed] = sentenceFramer().push(Buffer.from(wrap(['GPXXX', ...texts].join(','))));
  if (!framed || !('frame' in framed)) throw new Error('no frame');
  expect(damage(framed.frame)).toBeUndefined();
  return framed.frame;
}
const timeOfDay = (text: string) => fieldsOf(text).timeOfDay(1);
const shortDate = (text: string) => fieldsOf(text).shortDate(1);

describe('fields', () => {
  test.each([
    ['12.5', 12.5],
    ['-0.25', -0.25],
    ['+7', 7],
    ['.5', 0.5],
    ['5.', 5],
    [' 08 ', 8],
    ['', undefined],
    [' ', undefined],
    ['.', Number.NaN],
    ['-', Number.NaN],
    ['1.2.3', Number.NaN],
    ['1e5', Number.NaN],
    ['0x10', Number.NaN],
    ['12345678901234567890.5', 12345678901234567000],
  ])('the number %s is %s', (text, value) => {
    expect(fieldsOf(text).number(1)).toBe(value);
  });

  test('property: numbers are what Number makes of them', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: 6 }), (whole, decimals) => {
        const text = (whole / 10 ** decimals).toFixed(decimals);
        expect(fieldsOf(text).number(1)).toBe(Number(text));
      }),
    );
  });

  test.each([
    ['5123.4567', 'N', 90, 51.390945],
    ['00000.0000', 'E', 180, 0],
    ['17959.9999', 'W', 180, -179.999998333],
    ['9000.0000', 'S', 90, -90],
    ['9000.0001', 'S', 90, Number.NaN],
    ['5160.0000', 'N', 90, Number.NaN],
    ['5123.4567', 'E', 90, Number.NaN],
    ['51a3.4567', 'N', 90, Number.NaN],
    ['', 'N', 90, undefined],
  ] as const)('%s %s is %s', (text, hemisphere, limit, degrees) => {
    expect(fieldsOf(text, hemisphere).angle(1, limit)).toEqual(degrees);
  });

  test('two digits of a year reach from 1980 to 2079', () => {
    expect(new Date(shortDate('060180') ?? 0).toISOString()).toBe('1980-01-06T00:00:00.000Z');
    expect(new Date(shortDate('311279') ?? 0).toISOString()).toBe('2079-12-31T00:00:00.000Z');
    expect(shortDate('300226')).toBeNaN();
  });

  test('a time of day has any number of decimals; a leap second is still today', () => {
    expect([timeOfDay('000000'), timeOfDay('123456.7'), timeOfDay('235960.00')]).toEqual([
      0, 45_296_700, 86_399_000,
    ]);
    expect(timeOfDay('246000')).toBeNaN();
  });
});

describe('one epoch', () => {
  test('joins what its sentences say, by hand', () => {
    const made = positions(
      gga('101010.00', '30.0000'),
      'GPGSA,A,3,01,02,03,,,,,,,,,,1.9,1.1,1.5',
      'GPGSA,A,3,71,72,,,,,,,,,,,1.9,1.1,1.5',
      rmc('101010.00', '30.0000'),
      'GPVTG,090.0,T,,M,10.0,N,18.5,K,A',
    );
    expect(made).toEqual([
      {
        kind: 'position',
        time: '2026-01-31T10:10:10.000Z',
        quality: 'good',
        lon: 4,
        lat: 51.5,
        speedKph: 18.52,
        courseDeg: 90,
        altitudeM: 12.5,
        hdop: 1.1,
        satellites: 8,
        fix: true,
        attributes: {
          talker: 'GP',
          fixQuality: 1,
          geoidSeparationM: 45,
          fixMode: 3,
          pdop: 1.9,
          vdop: 1.5,
          mode: 'A',
          sentences: ['GGA', 'RMC', 'VTG', 'GSA'],
        },
      },
    ]);
  });

  test('comes as soon as the sentences are in that made the one before', () => {
    const framer = nmeaCodec.framer();
    let state = nmeaCodec.initial();
    const counts = [
      gga('101010'),
      rmc('101010'),
      gga('101011'),
      rmc('101011'),
      gga('101012'),
      rmc('101012'),
    ].map((body) => {
      let made = 0;
      for (const item of framer.push(Buffer.from(wrap(body))))
        if ('frame' in item) {
          const decoded = nmeaCodec.decode(item.frame);
          if ('parts' in decoded)
            for (const part of decoded.parts) {
              const [next, messages] = nmeaCodec.assemble(state, part, 0);
              state = next;
              made += messages.length;
            }
        }
      return made;
    });
    expect(counts).toEqual([0, 0, 1, 1, 0, 1]);
  });

  test('that is told for ever is told on, and one that is told twice in its moment is not', () => {
    const parts = [gga('101010'), rmc('101010')].map((body) => {
      const [framed] = sentenceFramer().push(Buffer.from(wrap(body)));
      const decoded = framed && 'frame' in framed ? nmeaCodec.decode(framed.frame) : undefined;
      const part = decoded && 'parts' in decoded ? decoded.parts[0] : undefined;
      if (!part) throw new Error('no part');
      return part;
    });
    let state = nmeaCodec.initial();
    const times: (string | undefined)[][] = [];
    for (let nowMs = 0; nowMs <= 4000; nowMs += 500) {
      const made = parts.flatMap((part) => {
        const [next, messages] = nmeaCodec.assemble(state, part, nowMs);
        state = next;
        return messages;
      });
      times.push(made.map(({ time }) => time));
    }
    const time = '2026-01-31T10:10:10.000Z';
    expect(times).toEqual([[], [], [], [], [time], [time], [time], [time], [time]]);
  });

  test('is not waited for longer than a silence', () => {
    const [frame] = nmeaCodec.framer().push(Buffer.from(wrap(rmc('101010'))));
    const decoded = frame && 'frame' in frame ? nmeaCodec.decode(frame.frame) : undefined;
    const part = decoded && 'parts' in decoded ? decoded.parts[0] : undefined;
    if (!part) throw new Error('no part');
    const [state] = nmeaCodec.assemble(nmeaCodec.initial(), part, 1000);
    expect(nmeaCodec.deadline(state)).toBe(1000 + epochSilenceMs);
    expect(nmeaCodec.expire(state, 1000 + epochSilenceMs - 1)[1]).toEqual([]);
    expect(nmeaCodec.expire(state, 1000 + epochSilenceMs)[1]).toHaveLength(1);
    expect(nmeaCodec.deadline(state)).toBeUndefined();
  });

  test.each([
    ['only RMC', [rmc('101010'), rmc('101011', '01.0000')], 2],
    ['only GLL', ['GPGLL,5100.0,N,00400.0,E,101010,A', 'GPGLL,5101.0,N,00400.0,E,101011,A'], 2],
    [
      'only GGA and VTG',
      [gga('101010'), 'GPVTG,90,T,,M,10,N,18.5,K', gga('101011'), 'GPVTG,90,T,,M,10,N,18.5,K'],
      2,
    ],
    ['a repeated sentence', [rmc('101010'), rmc('101010'), rmc('101010'), rmc('101011')], 2],
    [
      'a sentence that comes late',
      [gga('101010'), gga('101011'), rmc('101010'), rmc('101011'), gga('101012')],
      3,
    ],
    ['other places at the same time', [rmc('101010'), rmc('101010', '05.0000')], 2],
  ])('%s', (_, bodies, count) => {
    expect(positions(...bodies)).toHaveLength(count);
  });
});

describe('the date', () => {
  test('is absent until one is known: then there is the time of day', () => {
    const [first, second] = positions(
      'GPGLL,5100.0,N,00400.0,E,101010,A',
      'GPZDA,101011,31,01,2026,,',
      'GPGLL,5100.0,N,00400.0,E,101011,A',
    );
    expect(first).toMatchObject({ attributes: { timeOfDay: '10:10:10.000' } });
    expect(first).not.toHaveProperty('time');
    expect(second?.time).toBe('2026-01-31T10:10:11.000Z');
  });

  test('goes on at midnight, also where the date comes with the second sentence only', () => {
    const times = positions(
      gga('235959.00'),
      rmc('235959.00'),
      gga('000000.00'),
      rmc('000000.00', '00.0000', '010226'),
      gga('000001.00'),
    ).map(({ time }) => time);
    expect(times).toEqual([
      '2026-01-31T23:59:59.000Z',
      '2026-02-01T00:00:00.000Z',
      '2026-02-01T00:00:01.000Z',
    ]);
    const without = positions(rmc('235959.00'), 'GPGLL,5100.0,N,00400.0,E,000000.00,A');
    expect(without[1]?.time).toBe('2026-02-01T00:00:00.000Z');
  });

  test('of a receiver without a fix is not put on a fix', () => {
    const [lost, found] = positions(
      rmc('101010', '00.0000', '060180', 'V'),
      'GPGLL,5100.0,N,00400.0,E,101011,A',
    );
    expect(lost).toMatchObject({ fix: false, quality: 'bad', time: '1980-01-06T10:10:10.000Z' });
    expect(found?.fix).toBe(true);
  });
});

describe('no fix', () => {
  test.each([
    ['no coordinates', 'GPRMC,101010,V,,,,,,,310126,,'],
    ['zeros', 'GPGGA,101010,0000.0000,N,00000.0000,E,0,00,,0.0,M,0.0,M,,'],
    ['nonsense', 'GPRMC,101010,V,36000.0000,N,72000.0000,E,0.0,,310126,,'],
  ])('with %s says nothing', (_, body) => {
    expect(read(wrap(body))).toEqual({ messages: [], codes: [] });
  });

  test('any sentence that says so settles it', () => {
    expect(positions(gga('101010', '00.0000', 1), rmc('101010', '00.0000', '310126', 'V'))[0]?.fix).toBe(
      false,
    );
  });

  test('simulated, typed in or reckoned is a fix of doubtful quality', () => {
    expect(positions(gga('101010', '00.0000', 8))[0]).toMatchObject({ fix: true, quality: 'suspect' });
  });
});

describe('bad bytes', () => {
  test.each([
    ['a wrong checksum', '$GPGLL,5100.0,N,00400.0,E,101010,A*00\r\n', ['nmea.checksum']],
    ['no checksum', '$GPGLL,5100.0,N,00400.0,E,101010,A\r\n', ['nmea.nochecksum']],
    ['half a checksum', '$GPGLL,5100.0,N,00400.0,E,101010,A*0\r\n', ['nmea.cut']],
    ['noise', 'hello\r\n', ['nmea.noise']],
    ['a sentence that another cuts off', `$GPGLL,5100${wrap('GPTXT,1')}`, ['nmea.cut']],
    ['a sentence without an end', `$${'A'.repeat(2000)}\r\n`, ['nmea.toolong']],
    ['a fix with impossible coordinates', wrap('GPGLL,9100.0,N,00400.0,E,101010,A'), ['nmea.field']],
    ['a sentence of another kind', wrap('GPGSV,1,1,00'), []],
    ['an AIS sentence', '!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n', []],
    ['blank lines', '\r\n\r\n\n', []],
  ])('%s', (_, text, codes) => {
    const after = read(text + wrap(rmc('101010')));
    expect(after.codes).toEqual(codes);
    expect(after.messages).toHaveLength(1);
  });
});

const place = fc.record({
  lon: fc.double({ min: -180, max: 180, noNaN: true }),
  lat: fc.double({ min: -90, max: 90, noNaN: true }),
});

const start = fc.date({ min: new Date('1990-01-01'), max: new Date('2070-01-01'), noInvalidDate: true });

test('what the simulator says is read back, however it is cut', () => {
  const places = fc.array(place, { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(places, start, fc.integer({ min: 1, max: 100 }), (all, from, size) => {
      const said = all.map(
        ({ lon, lat }, i): Position => ({
          kind: 'position',
          lon,
          lat,
          fix: true,
          quality: 'good',
          time: new Date(from.getTime() + i * 1000).toISOString(),
          attributes: {},
        }),
      );
      const text = said.flatMap(sentencesOf).join('');
      const whole = read(text);
      expect(read(text, size)).toEqual(whole);
      const heard = whole.messages as Position[];
      expect(heard).toHaveLength(said.length);
      for (const [i, position] of heard.entries()) {
        expect(position.time).toBe(said[i]?.time);
        expect(Math.abs((said[i]?.lat ?? 99) - position.lat)).toBeLessThan(1e-6);
        expect(Math.abs((said[i]?.lon ?? 999) - position.lon)).toBeLessThan(1e-6);
      }
    }),
  );
});

describe('targets of a radar', () => {
  // a sentence as marine-api's parser gives it, and one of go-nmea without number, time and status
  const sentences =
    '$RATLL,01,3731.51052,N,02436.00000,E,TEST1,161617.88,T,*0C\r\n$RATLL,,3647.422,N,01432.592,E,,,,*58\r\n';
  test('are positions where they are asked for, beside those of the receiver', () => {
    const whole = sentences + wrap(rmc('161618')) + wrap(gga('161618'));
    const { messages, codes } = read(whole, 7, radarCodec());
    expect(codes).toEqual([]);
    expect(messages).toMatchObject([
      {
        kind: 'position',
        quality: 'good',
        fix: true,
        lat: expect.closeTo(37.525175333, 7),
        lon: expect.closeTo(24.6, 7),
        attributes: {
          contact: 'radar',
          target: '01',
          targetName: 'TEST1',
          targetStatus: 'T',
          timeOfDay: '16:16:17.880',
        },
      },
      { fix: true, lat: expect.closeTo(36.790366667, 7), attributes: { talker: 'RA', contact: 'radar' } },
      { lat: 51, attributes: { talker: 'GP' } },
    ]);
    expect(read(whole).messages).toHaveLength(1);
  });

  test('that are lost or not followed yet have no fix, and a place that cannot be is a problem', () => {
    const one = (status: string, latitude = '3731.5') =>
      read(wrap(`RATLL,02,${latitude},N,02436.0,E,,161617,${status},`), 99, radarCodec());
    expect(one('L').messages).toMatchObject([{ fix: false, quality: 'bad' }]);
    expect(one('Q').messages).toMatchObject([{ fix: false }]);
    expect(one('T', '9931.5')).toMatchObject({ messages: [], codes: ['nmea.field'] });
    expect(one('T', '').messages).toEqual([]);
  });
});
