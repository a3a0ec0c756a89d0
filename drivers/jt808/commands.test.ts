import { describe, expect, test } from 'vitest';
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
    // 停 cda3, 车 b3b5; urgent, display and speak are bits 0, 2 and 3.
    expect(sent(terminal, command)).toEqual([0x8300, '0dcda3b3b52041']);
    expect(sent(newer, command)).toEqual([0x8300, '0d01cda3b3b52041']);
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
