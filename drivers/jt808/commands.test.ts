import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArea } from './areas.ts';
import { commandPacket, commandResult, type Jt808Command } from './commands.ts';
import { packetFramer } from './frame.ts';
import { readHeader } from './header.ts';

const terminal = { phone: '013912345678', is2019: false, protocolVersion: 0 };
const newer = { phone: '00000000013987654321', is2019: true, protocolVersion: 1 };

/** Id and body of a packet, read as a terminal reads it. */
function sent(to: typeof terminal, command: Jt808Command) {
  const framer = packetFramer();
  const [framed] = [...framer.push(commandPacket(to, 7, command)), ...framer.end()];
  if (!framed || !('frame' in framed)) throw new Error('It is no packet.');
  const header = readHeader(framed.frame);
  if ('code' in header) throw new Error(header.code);
  expect([header.phone, header.serial, header.is2019]).toEqual([to.phone, 7, to.is2019]);
  return [header.id, Buffer.from(framed.frame.subarray(header.bodyAt)).toString('hex')];
}

describe('commands to a terminal, by hand', () => {
  test('a text is GBK, with a type from 2019 on', () => {
    const command = { do: 'text', text: '停车 A', urgent: true } as const;
    // 停 cda3, 车 b3b5; urgent, display and speak are bits 0, 2 and 3; from 2019 on urgent is 2 of bits 0 and 1.
    expect(sent(terminal, command)).toEqual([0x8300, '0dcda3b3b52041']);
    expect(sent(newer, command)).toEqual([0x8300, '0e01cda3b3b52041']);
    expect(sent(newer, { ...command, urgent: false })).toEqual([0x8300, '0f01cda3b3b52041']);
    expect(sent(terminal, { do: 'text', text: '\u{1f600}', display: false, speak: false })).toEqual([
      0x8300,
      '003f',
    ]);
  });

  test('a circle is added, with its hemispheres in its attributes', () => {
    const command = { do: 'circle', id: 9, lon: -70.5, lat: -33, radiusM: 250 } as const;
    // 33 000 000 is 01f78a40, 70 500 000 is 0433bea0; enter 8, exit 32, south 64, west 128: e8.
    expect(sent(terminal, command)).toEqual([0x8600, '01010000000900e801f78a400433bea0000000fa']);
    expect(sent(newer, { ...command, report: { exit: false } })).toEqual([
      0x8600,
      '01010000000900c801f78a400433bea0000000fa0000',
    ]);
  });

  test('a polygon has its corners in order', () => {
    const corners = [
      { lon: 1, lat: 2 },
      { lon: 3, lat: 2 },
      { lon: 3, lat: 4 },
    ];
    const places = '001e8480000f4240' + '001e8480002dc6c0' + '003d0900002dc6c0';
    expect(sent(terminal, { do: 'polygon', id: 1, corners })).toEqual([0x8604, `0000000100280003${places}`]);
  });

  test('a rectangle has its north-western and its south-eastern corner', () => {
    const command = { do: 'rectangle', id: 1, west: -3, south: 2, east: -1, north: 4 } as const;
    // Enter 8, exit 32, west 128: a8; 4, 3, 2 and 1 million.
    const places = '003d0900002dc6c0' + '001e8480000f4240';
    expect(sent(terminal, command)).toEqual([0x8602, `01010000000100a8${places}`]);
    expect(sent(newer, command)).toEqual([0x8602, `01010000000100a8${places}0000`]);
  });

  test('a route has its turns with the width of the road, each with its own sides of the globe', () => {
    const points = [
      { lon: 1, lat: 2 },
      { lon: -3, lat: -4 },
    ];
    const turns = '0000000100000001001e8480000f42401e00' + '0000000200000002003d0900002dc6c01e0c';
    expect(sent(terminal, { do: 'route', id: 5, points, widthM: 30 })).toEqual([
      0x8606,
      `0000000500280002${turns}`,
    ]);
  });

  test('property: a terminal reads what was meant', () => {
    const micro = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 1e6);
    const place = fc.record({ lon: micro(-180e6, 180e6), lat: micro(-90e6, 90e6) });
    const eastern = fc.record({ lon: micro(1, 180e6), lat: micro(1, 90e6) });
    const id = fc.nat({ max: 0xffffffff });
    const report = fc.record({ enter: fc.boolean(), exit: fc.boolean() });
    const command: fc.Arbitrary<Jt808Command> = fc.oneof(
      fc
        .record({
          do: fc.constant('circle' as const),
          id,
          report,
          place,
          radiusM: fc.integer({ min: 1, max: 1e6 }),
        })
        .map(({ place: at, ...rest }) => ({ ...rest, ...at })),
      fc.record({
        do: fc.constant('polygon' as const),
        id,
        report,
        corners: fc.array(eastern, { minLength: 3, maxLength: 100 }),
      }),
      fc
        .record({ do: fc.constant('rectangle' as const), id, report, a: eastern, b: eastern })
        .filter(({ a, b }) => a.lon < b.lon && a.lat < b.lat)
        .map(({ a, b, ...rest }) => ({ ...rest, west: a.lon, south: a.lat, east: b.lon, north: b.lat })),
      fc.record({
        do: fc.constant('route' as const),
        id,
        report,
        points: fc.array(place, { minLength: 2, maxLength: 50 }),
        widthM: fc.integer({ min: 1, max: 255 }),
      }),
      fc.record({
        do: fc.constantFrom('forgetCircles', 'forgetRectangles', 'forgetPolygons', 'forgetRoutes'),
        ids: fc.array(id, { maxLength: 125 }),
      }),
    );
    fc.assert(
      fc.property(command, fc.constantFrom(terminal, newer), (meant, to) => {
        const [number, hex] = sent(to, meant) as [number, string];
        const body = Buffer.from(hex, 'hex');
        const read = readArea(number, body, to.is2019);
        expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(meant)));
        expect(readArea(number, body.subarray(0, -1), to.is2019)).toBeUndefined();
        expect(readArea(number, Buffer.concat([body, Buffer.of(1)]), to.is2019)).toBeUndefined();
      }),
    );
  });

  test('areas are forgotten by their ids', () => {
    expect(sent(terminal, { do: 'forgetCircles', ids: [1, 258] })).toEqual([0x8601, '020000000100000102']);
    expect(sent(terminal, { do: 'forgetPolygons', ids: [] })).toEqual([0x8605, '00']);
  });

  test('what cannot be said is refused', () => {
    const refused: Jt808Command[] = [
      { do: 'circle', id: -1, lon: 0, lat: 0, radiusM: 1 },
      { do: 'circle', id: 1, lon: 0, lat: 91, radiusM: 1 },
      { do: 'circle', id: 1, lon: 0, lat: 0, radiusM: 0 },
      { do: 'polygon', id: 1, corners: [{ lon: 0, lat: 0 }] },
      { do: 'polygon', id: 1, corners: [-1, 1, 2].map((lon) => ({ lon, lat: 1 })) },
      { do: 'rectangle', id: 1, west: -1, south: 1, east: 1, north: 2 },
      { do: 'rectangle', id: 1, west: 2, south: 1, east: 1, north: 2 },
      { do: 'route', id: 1, points: [{ lon: 1, lat: 1 }], widthM: 10 },
      { do: 'route', id: 1, points: [1, 2].map((lon) => ({ lon, lat: 1 })), widthM: 256 },
      { do: 'text', text: '停'.repeat(600) },
    ];
    for (const command of refused) expect(() => commandPacket(terminal, 1, command)).toThrow(RangeError);
  });

  test('its reply is known by serial and id', () => {
    const command = { do: 'text', text: 'x' } as const;
    const reply = (serial: number, id: number, result: number) =>
      commandResult(Uint8Array.of(serial >> 8, serial & 255, id >> 8, id & 255, result), 300, command);
    expect([
      reply(300, 0x8300, 0),
      reply(300, 0x8300, 3),
      reply(300, 0x8600, 0),
      reply(299, 0x8300, 0),
    ]).toEqual(['done', 'unsupported', undefined, undefined]);
  });
});
