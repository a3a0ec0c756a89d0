import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Position } from '#flows/message';
import { crc16Arc } from '../crc16.ts';
import { teltonikaCodec } from './codec.ts';
import { answerPacket, commandPacket, readAnswer } from './command.ts';
import { loginBytes, recordsPacket } from './encode.ts';
import { teltonikaFramer } from './frame.ts';

/** Examples of the maker's wiki on data sending protocols, one of each codec. */
const wiki = {
  codec8:
    '000000000000003608010000016B40D8EA30010000000000000000000000000000000105021503010101425E0F01F10000601A014E0000000000000000010000C7CF',
  codec8E:
    '000000000000004A8E010000016B412CEE000100000000000000000000000000000000010005000100010100010011001D00010010015E2C880002000B000000003544C87A000E000000001DD7E06A00000100002994',
  codec16:
    '000000000000005F10020000016BDBC7833000000000000000000000000000000000000B05040200010000030002000B00270042563A00000000016BDBC7871800000000000000000000000000000000000B05040200010000030002000B00260042563A00000200005FB3',
  command: '000000000000000F0C010500000007676574696E666F0100004312',
};
const bytesOf = (hex: string) => Buffer.from(hex, 'hex');

function read(...pieces: Uint8Array[]) {
  const codec = teltonikaCodec();
  const framer = codec.framer();
  let state = codec.initial();
  const messages: Position[] = [];
  const codes: string[] = [];
  const framed = [...pieces.flatMap((piece) => framer.push(piece)), ...framer.end()];
  for (const item of framed) {
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
  codes.push(...codec.expire(state, 0)[2].map(({ code }) => code));
  return { messages, codes };
}

/** Records of a tracker without elements: zeros that look like heads. */
const plainRecords = (startMs: number, count: number) =>
  recordsPacket(
    Array.from({ length: count }, (_, i) => ({
      kind: 'position',
      time: new Date(startMs + i * 50).toISOString(),
      quality: 'good',
      attributes: {},
      lon: i / 1000,
      lat: 51.95,
      fix: true,
    })),
  );

test('a packet that was cut off does not hide those behind it, which are the same until they are answered', () => {
  const moment = fc.integer({ min: 1_500_000_000_000, max: 2_000_000_000_000 });
  const count = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(moment, count, count, fc.nat(), (startMs, first, again, cut) => {
      const [packet, next] = [plainRecords(startMs, first), plainRecords(startMs, again)];
      const framer = teltonikaFramer();
      framer.push(packet.subarray(0, 1 + (cut % (packet.length - 1))));
      let found = 0;
      for (let turn = 0; turn < 40 && found < 2; turn++)
        found += framer.push(next).filter((framed) => 'frame' in framed).length;
      expect(found).toBeGreaterThanOrEqual(2);
    }),
    { numRuns: 1000 },
  );
});

describe('records', () => {
  test('codec 8: elements by name, unknown ones by number, a key left out', () => {
    const { messages, codes } = read(loginBytes('356307042441013'), bytesOf(wiki.codec8));
    expect(codes).toEqual([]);
    expect(messages).toEqual([
      {
        kind: 'position',
        device: '356307042441013',
        time: '2019-06-10T10:04:46.000Z',
        quality: 'good',
        lon: 0,
        lat: 0,
        speedKph: 0,
        courseDeg: 0,
        altitudeM: 0,
        satellites: 0,
        fix: false,
        attributes: {
          priority: 'high',
          event: 1,
          gsmSignal: 3,
          digitalInput1: 1,
          supplyV: 24.079,
          gsmOperator: 24602,
        },
      },
    ]);
  });

  test('codec 8 Extended: two bytes an id and a count', () => {
    const { messages, codes } = read(bytesOf(wiki.codec8E));
    expect(codes).toEqual([]);
    expect(messages).toMatchObject([
      {
        time: '2019-06-10T11:36:32.000Z',
        attributes: { digitalInput1: 1, odometerKm: 22949, io: { 17: 29, 11: 893700218, 14: 500686954 } },
      },
    ]);
    expect(messages[0]).not.toHaveProperty('device');
  });

  test('codec 16: two records with why they were made', () => {
    const { messages, codes } = read(bytesOf(wiki.codec16));
    expect(codes).toEqual([]);
    expect(messages.map(({ time, attributes }) => [time, attributes.generation, attributes.io])).toEqual([
      ['2019-07-10T12:06:54.000Z', 'on change', { 11: 39 }],
      ['2019-07-10T12:06:55.000Z', 'on change', { 11: 38 }],
    ]);
  });

  test('a place that cannot be is set aside, and the records beside it come', () => {
    const good: Position = {
      kind: 'position',
      time: '2026-11-25T10:00:00.000Z',
      lon: -70.123456,
      lat: -33.5,
      altitudeM: -12,
      speedKph: 61,
      courseDeg: 359,
      satellites: 11,
      fix: true,
      quality: 'good',
      attributes: {},
    };
    const { messages, codes } = read(recordsPacket([good, { ...good, lat: 91 }, good]));
    expect(messages).toEqual([good, good]);
    expect(codes).toEqual(['teltonika.place']);
  });

  test('a clock that is not set makes the place suspect', () => {
    const [message] = read(
      recordsPacket([
        { kind: 'position', lon: 1, lat: 2, fix: true, quality: 'good', attributes: {} } as Position,
      ]),
    ).messages;
    expect(message).toMatchObject({ quality: 'suspect', attributes: { timeInvalid: true } });
    expect(message).not.toHaveProperty('time');
  });

  test('counts that differ are told, with what was whole', () => {
    const packet = bytesOf(wiki.codec16);
    packet[packet.length - 5] = 3;
    new DataView(packet.buffer, packet.byteOffset).setUint32(
      packet.length - 4,
      crc16Arc(packet, 8, packet.length - 4),
    );
    const { messages, codes } = read(packet);
    expect([messages.length, codes]).toEqual([2, ['teltonika.body']]);
  });
});

describe('frames', () => {
  test('a wrong check sum gives no record, and the next packet comes', () => {
    const spoiled = bytesOf(wiki.codec8);
    spoiled[20] = 0x55;
    const { messages, codes } = read(spoiled, bytesOf(wiki.codec16));
    expect([messages.length, codes]).toEqual([2, ['teltonika.crc']]);
  });

  test('a packet that was cut does not take the next one with it', () => {
    const { messages, codes } = read(bytesOf(wiki.codec8).subarray(0, 30), bytesOf(wiki.codec16));
    expect([messages.length, codes[0]]).toEqual([2, 'teltonika.crc']);
  });

  test('whatever is changed, a record comes whole or not at all', () => {
    const whole = read(bytesOf(wiki.codec16)).messages.map((message) => JSON.stringify(message));
    fc.assert(
      fc.property(fc.nat({ max: 106 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = bytesOf(wiki.codec16);
        bytes[at] = (bytes[at] as number) ^ flip;
        const { messages } = read(bytes, bytesOf(wiki.codec16));
        for (const message of messages) expect(whole).toContain(JSON.stringify(message));
        expect(messages.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  test('pings between packets are nothing', () => {
    const { messages, codes } = read(Uint8Array.of(0xff), bytesOf(wiki.codec8), Uint8Array.of(0xff, 0xff));
    expect([messages.length, codes]).toEqual([1, []]);
  });

  test('noise is told once a run', () => {
    expect(read(Buffer.alloc(500, 0x41), bytesOf(wiki.codec8)).codes).toEqual(['teltonika.noise']);
  });
});

describe('commands', () => {
  test('are the bytes of the wiki', () => {
    expect(Buffer.from(commandPacket('getinfo')).toString('hex').toUpperCase()).toBe(wiki.command);
  });

  test('an answer is read', () => {
    const [framed] = teltonikaFramer().push(answerPacket('DOUT1:1'));
    expect(framed && 'frame' in framed && 'data' in framed.frame && readAnswer(framed.frame.data)).toBe(
      'DOUT1:1',
    );
  });
});
