import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Position } from '#flows/message';
import { gt06Codec } from './codec.ts';
import { commandPacket, locationPacket, loginPacket, readAnswer } from './encode.ts';
import { gt06Framer, packet } from './frame.ts';
import { types } from './types.ts';

const bytesOf = (hex: string) => Buffer.from(hex, 'hex');

/** Reports of trackers in the field, as the tests of other decoders have them. */
const field = {
  login: '78780D01086471700328358100093F040D0A',
  location: '787822220F0C1D023305C9027AC8180C46586000140001CC00287D001F71000001000820860D0A',
  late: '787821121303120b2524c70138e363085b549003d43301940057d200cd52c000006aa1ca0d0a',
  alarm: '7878252612030C063816C3026C10540C38C9700144030901CC002866000EEE0C06040302000DA2DB0D0A',
  heartbeat: '78780B23C00122040001000818720D0A',
};

function read(pieces: readonly Uint8Array[], config = {}) {
  const codec = gt06Codec(config);
  const framer = codec.framer();
  let state = codec.initial();
  const messages: Position[] = [];
  const codes: string[] = [];
  for (const item of [...pieces.flatMap((piece) => framer.push(piece)), ...framer.end()]) {
    const decoded = 'problem' in item ? item : codec.decode(item.frame);
    if ('problem' in decoded) {
      codes.push(decoded.problem.code);
      continue;
    }
    for (const part of decoded.parts) {
      const [next, made] = codec.assemble(state, part, 0);
      state = next;
      messages.push(...(made as Position[]));
    }
  }
  return { messages, codes };
}

describe('reports of the field', () => {
  test('a location with its cell, of the terminal that logged in', () => {
    const { messages, codes } = read([bytesOf(field.login), bytesOf(field.location)]);
    expect(codes).toEqual([]);
    expect(messages).toEqual([
      {
        kind: 'position',
        device: '864717003283581',
        time: '2015-12-29T02:51:05.000Z',
        quality: 'good',
        lon: 114.4092978,
        lat: 23.1116933,
        speedKph: 0,
        courseDeg: 0,
        satellites: 9,
        fix: true,
        attributes: { cell: { mcc: 460, mnc: 0, lac: 10365, id: 8049 }, ignition: false, backfill: true },
      },
    ]);
  });

  test('an alarm with the state of the terminal', () => {
    const [message] = read([bytesOf(field.alarm)]).messages;
    expect(message).toMatchObject({
      time: '2018-03-12T06:56:22.000Z',
      attributes: { batteryLevel: 6, gsmSignal: 4, alarms: ['vibration'] },
    });
    expect(message).not.toHaveProperty('device');
  });

  test('a heartbeat is no message and no problem', () => {
    expect(read([bytesOf(field.heartbeat)])).toEqual({ messages: [], codes: [] });
  });
});

describe('times', () => {
  const position: Position = {
    kind: 'position',
    time: '2026-11-25T10:00:00.000Z',
    lon: -70.5,
    lat: -33.25,
    speedKph: 61,
    courseDeg: 359,
    satellites: 11,
    fix: true,
    quality: 'good',
    attributes: {},
  };
  const login = (zone: string) =>
    packet(types.login, Buffer.concat([bytesOf('0864717003283581'), bytesOf('a001'), bytesOf(zone)]), 1);

  test.each([
    ['8 h east, as the login says', login('3200'), {}, '2026-11-25T02:00:00.000Z'],
    ['5 h 30 min west, as the login says', login('2128'), {}, '2026-11-25T15:30:00.000Z'],
    [
      'the config stands above the login',
      login('3200'),
      { utcOffsetMinutes: 60 },
      '2026-11-25T09:00:00.000Z',
    ],
    ['UTC where nobody says', loginPacket('864717003283581', 1), {}, '2026-11-25T10:00:00.000Z'],
  ])('%s', (_, first, config, time) => {
    const [message] = read([first, locationPacket(position, 2)], config).messages;
    expect(message).toMatchObject({ time, lat: -33.25, lon: -70.5, speedKph: 61, courseDeg: 359 });
  });

  test('what is no date makes the place suspect', () => {
    const bytes = locationPacket(position, 2);
    const body = bytes.slice(4, -6);
    body[1] = 13;
    const [message] = read([packet(types.location2, body, 2)]).messages;
    expect(message).toMatchObject({ quality: 'suspect', attributes: { timeInvalid: true } });
    expect(message).not.toHaveProperty('time');
  });

  test('a place that cannot be gives no position', () => {
    expect(read([locationPacket({ ...position, lat: 90.5 }, 1)])).toEqual({
      messages: [],
      codes: ['gt06.place'],
    });
  });
});

describe('frames', () => {
  test('whatever is changed in one packet, the next one comes and nothing false does', () => {
    const whole = JSON.stringify(read([bytesOf(field.location)]).messages[0]);
    const length = bytesOf(field.location).length;
    fc.assert(
      fc.property(fc.nat({ max: length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = bytesOf(field.location);
        bytes[at] = (bytes[at] as number) ^ flip;
        const { messages } = read([bytes, bytesOf(field.location)]);
        expect(messages.length).toBeGreaterThanOrEqual(1);
        for (const message of messages) expect(JSON.stringify(message)).toBe(whole);
      }),
      // The length that makes one packet of both.
      { examples: [[2, 107]] },
    );
  });

  test('a wrong check sum is said', () => {
    const bytes = bytesOf(field.location);
    bytes[20] = 1;
    expect(read([bytes])).toEqual({ messages: [], codes: ['gt06.crc'] });
  });
});

describe('commands', () => {
  test('are packets of their own, and their answers are read', () => {
    const [framed] = gt06Framer().push(commandPacket('WHERE#', 7, 3));
    expect(framed).toMatchObject({ frame: { type: 0x80, serial: 3 } });
    expect(Buffer.from((framed as { frame: { body: Uint8Array } }).frame.body).toString('hex')).toBe(
      `0a00000007${Buffer.from('WHERE#').toString('hex')}`,
    );
    const answer = Buffer.concat([bytesOf('0600000007'), Buffer.from('OK')]);
    expect(readAnswer(types.answer, answer)).toEqual({ flag: 7, text: 'OK' });
    expect(readAnswer(types.location, answer)).toBeUndefined();
  });
});
