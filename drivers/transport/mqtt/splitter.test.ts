import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { PacketSplitter } from './splitter.ts';

type Seen =
  | {
      readonly topic: string;
      readonly payload: string;
      readonly qos: number;
      readonly id: number;
      readonly retained: boolean;
      readonly again: boolean;
    }
  | { readonly control: string }
  | { readonly refused: string; readonly bytes: number; readonly id: number };

function rig(maxPacketBytes = 4096) {
  const seen: Seen[] = [];
  const splitter = new PacketSplitter(maxPacketBytes, {
    publish: (topic, payload, qos, id, retained, again) =>
      seen.push({ topic, payload: payload.toString('hex'), qos, id, retained, again }),
    control: (packet) => seen.push({ control: packet.toString('hex') }),
    tooLarge: (topic, bytes, _qos, id) => seen.push({ refused: topic, bytes, id }),
  });
  return { seen, splitter };
}

/** The bytes in pieces; cut points are taken modulo the length. */
function cut(bytes: Buffer, points: readonly number[]): Buffer[] {
  const at = [0, ...points.map((point) => point % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const publish = fc.record({
  topic: fc
    .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
    .filter((topic) => !/[+#\0]/.test(topic)),
  payload: fc.uint8Array({ maxLength: 600 }),
  qos: fc.constantFrom<0 | 1>(0, 1),
  messageId: fc.integer({ min: 1, max: 65_535 }),
  retain: fc.boolean(),
  dup: fc.boolean(),
});

const encode = (packet: {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1;
  messageId: number;
  retain: boolean;
  dup: boolean;
}) =>
  generate({
    cmd: 'publish',
    ...packet,
    dup: packet.qos > 0 && packet.dup,
    payload: Buffer.from(packet.payload),
  });

describe('a stream of packets', () => {
  test('gives what mqtt-packet put into it, however it was cut', () => {
    fc.assert(
      fc.property(
        fc.array(publish, { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (packets, points) => {
          const ping = generate({ cmd: 'pingresp' });
          const bytes = Buffer.concat(packets.flatMap((packet) => [encode(packet), ping]));
          const { seen, splitter } = rig();
          for (const piece of cut(bytes, points)) expect(splitter.push(piece)).toBeUndefined();
          expect(seen).toEqual(
            packets.flatMap(({ topic, payload, qos, messageId, retain, dup }) => [
              {
                topic,
                payload: Buffer.from(payload).toString('hex'),
                qos,
                id: qos === 0 ? 0 : messageId,
                retained: retain,
                again: qos > 0 && dup,
              },
              { control: ping.toString('hex') },
            ]),
          );
        },
      ),
    );
  });

  test('a message over the limit is refused with topic and identifier, and the next one comes', () => {
    const large = generate({
      cmd: 'publish',
      topic: 'a/b',
      payload: Buffer.alloc(10_000),
      qos: 1,
      messageId: 77,
      retain: false,
      dup: false,
    });
    const small = generate({
      cmd: 'publish',
      topic: 'c',
      payload: Buffer.from('x'),
      qos: 0,
      retain: false,
      dup: false,
    });
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 8 }), (points) => {
        const { seen, splitter } = rig(1024);
        for (const piece of cut(Buffer.concat([large, small]), points))
          expect(splitter.push(piece)).toBeUndefined();
        expect(seen).toEqual([
          { refused: 'a/b', bytes: large.length, id: 77 },
          { topic: 'c', payload: '78', qos: 0, id: 0, retained: false, again: false },
        ]);
      }),
    );
  });

  test('any bytes are packets or a problem, and cuts do not matter', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 3000 }),
        fc.array(fc.nat(), { maxLength: 10 }),
        (noise, points) => {
          const whole = rig(512);
          const problem = whole.splitter.push(Buffer.from(noise));
          const pieces = rig(512);
          let later: unknown;
          for (const piece of cut(Buffer.from(noise), points)) later ??= pieces.splitter.push(piece);
          expect(later).toEqual(problem);
          expect(pieces.seen).toEqual(whole.seen);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['QoS 3', '36050001610001'],
    ['a topic longer than the packet', '3003000561'],
    ['no identifier at QoS 1', '32030001' + '61'],
    ['identifier 0', '32050001610000'],
    ['a length of five bytes', '30ffffffff01'],
    ['a huge packet that is no PUBLISH', '20ffffff7f'],
  ])('%s is malformed', (_, hex) => {
    expect(rig().splitter.push(Buffer.from(hex, 'hex'))?.code).toBe('mqtt.malformed');
  });
});
