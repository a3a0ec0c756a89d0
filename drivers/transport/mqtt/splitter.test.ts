import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { PacketSplitter, type PacketTaker } from './splitter.ts';

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

function rig(maxPacketBytes = 4096, version: 4 | 5 = 4) {
  const seen: Seen[] = [];
  const taker: PacketTaker = {
    publish: (topic, payload, qos, id, retained, again) =>
      seen.push({ topic, payload: payload.toString('hex'), qos, id, retained, again }),
    control: (packet) => seen.push({ control: packet.toString('hex') }),
    tooLarge: (topic, bytes, _qos, id) => seen.push({ refused: topic, bytes, id }),
  };
  const splitter = new PacketSplitter(maxPacketBytes, taker, version);
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
  properties: fc.record(
    {
      messageExpiryInterval: fc.nat(),
      contentType: fc.string({ maxLength: 200 }),
      userProperties: fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.string(), {
        minKeys: 1, // mqtt-packet writes no packet at all for an empty one
        maxKeys: 3,
        noNullPrototype: true,
      }),
    },
    { requiredKeys: [] },
  ),
});

type Sent = {
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1;
  messageId: number;
  retain: boolean;
  dup: boolean;
  properties: Record<string, unknown>;
};

const encode = (packet: Sent, protocolVersion: 4 | 5) =>
  generate(
    {
      cmd: 'publish',
      ...packet,
      dup: packet.qos > 0 && packet.dup,
      payload: Buffer.from(packet.payload),
    },
    { protocolVersion },
  );

describe('a stream of packets', () => {
  test.each([4, 5] as const)(
    'of version %i gives what mqtt-packet put into it, however it was cut',
    (version) => {
      fc.assert(
        fc.property(
          fc.array(publish, { maxLength: 12 }),
          fc.array(fc.nat(), { maxLength: 20 }),
          (packets, points) => {
            const ping = generate({ cmd: 'pingresp' });
            const bytes = Buffer.concat(packets.flatMap((packet) => [encode(packet, version), ping]));
            const { seen, splitter } = rig(4096, version);
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
    },
  );

  test.each([4, 5] as const)(
    'of version %i: a message over the limit is refused with topic and identifier, and the next one comes',
    (version) => {
      const common = { retain: false, dup: false, properties: {} };
      const large = encode(
        { ...common, topic: 'a/b', payload: Buffer.alloc(10_000), qos: 1, messageId: 77 },
        version,
      );
      const small = encode(
        { ...common, topic: 'c', payload: Buffer.from('x'), qos: 0, messageId: 1 },
        version,
      );
      fc.assert(
        fc.property(fc.array(fc.nat(), { maxLength: 8 }), (points) => {
          const { seen, splitter } = rig(1024, version);
          for (const piece of cut(Buffer.concat([large, small]), points))
            expect(splitter.push(piece)).toBeUndefined();
          expect(seen).toEqual([
            { refused: 'a/b', bytes: large.length, id: 77 },
            { topic: 'c', payload: '78', qos: 0, id: 0, retained: false, again: false },
          ]);
        }),
      );
    },
  );

  test.each([4, 5] as const)(
    'of version %i: any bytes are packets or a problem, and cuts do not matter',
    (version) => {
      fc.assert(
        fc.property(
          fc.uint8Array({ maxLength: 3000 }),
          fc.array(fc.nat(), { maxLength: 10 }),
          (noise, points) => {
            const whole = rig(512, version);
            const problem = whole.splitter.push(Buffer.from(noise));
            const pieces = rig(512, version);
            let later: unknown;
            for (const piece of cut(Buffer.from(noise), points)) later ??= pieces.splitter.push(piece);
            expect(later).toEqual(problem);
            expect(pieces.seen).toEqual(whole.seen);
          },
        ),
        { numRuns: 500 },
      );
    },
  );

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

  test.each([
    ['no properties', '3003000161'],
    ['properties longer than the packet', '300500016105' + '00'],
    ['a length of properties of five bytes', '3009000161ffffffff01' + '00'],
  ])('of version 5 %s is malformed', (_, hex) => {
    expect(rig(4096, 5).splitter.push(Buffer.from(hex, 'hex'))?.code).toBe('mqtt.malformed');
  });
});
