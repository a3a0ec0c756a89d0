import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { DeviceSession } from '#drivers/driver';
import type { Position } from '#flows/message';
import { DeviceWorld } from '#test/support/device-world';
import { until } from '#test/support/until';
import { callInSession } from '../call-in-session.ts';
import { type Jt808State, jt808Codec, Part } from './codec.ts';
import { locationBody, packetFrom, registerBody } from './encode.ts';
import { Packet, packetFramer, unwrap, wrap } from './frame.ts';
import { readHeader } from './header.ts';
import { pieceTimeoutMs } from './join.ts';
import { jt808Dialogue } from './reply.ts';

const phone = '013912345678';
const place = (n: number): Position => ({
  kind: 'position',
  time: '2026-11-22T00:00:00Z',
  lon: 121 + n / 1000,
  lat: 31,
  fix: true,
  quality: 'good',
  attributes: {},
});
const report = (serial: number, from = phone) =>
  packetFrom({ phone: from, is2019: false }, 0x0200, serial, locationBody(place(serial)));

test('what is escaped comes back, whatever it is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 1044 }), (packet) => {
      const bytes = wrap(packet);
      expect(bytes.subarray(1, -1).includes(0x7e)).toBe(false);
      const framed = unwrap(bytes, 1, bytes.length - 1);
      expect('frame' in framed && Uint8Array.from(framed.frame.subarray(0))).toEqual(packet);
    }),
  );
});

test('the example of the standard is escaped as it says', () => {
  const vector = Uint8Array.from([0x30, 0x7e, 0x08, 0x7d]);
  expect(Buffer.from(wrap(vector)).toString('hex')).toBe('7e307d02087d013b7e'); // 30^7e^08^7d = 3b
});

test('one changed bit is never a position', () => {
  const packet = report(7);
  fc.assert(
    fc.property(fc.nat({ max: packet.length * 8 - 1 }), (bit) => {
      const changed = packet.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const framer = packetFramer();
      const frames = [...framer.push(changed), ...framer.end()].filter((framed) => 'frame' in framed);
      expect(frames).toEqual([]);
    }),
  );
});

describe('sub-packages', () => {
  const pieces = (count: number, codec = jt808Codec(), is2019 = false) => {
    // A batch over several packets, as a terminal sends what it kept in a blind area.
    const entries = Array.from({ length: 30 }, (_, n) => locationBody(place(n)));
    const body = [0, 30, 1, ...entries.flatMap((entry) => [0, entry.length, ...entry])];
    const size = Math.ceil(body.length / count);
    const parts: Part[] = Array.from({ length: count }, (_, i) => {
      const header = {
        id: 0x0704,
        phone: is2019 ? phone.padStart(20, '0') : phone,
        serial: (0xfffe + i) & 0xffff,
        is2019,
        protocolVersion: is2019 ? 1 : 0,
        total: count,
        index: i + 1,
        bodyAt: 16,
      };
      const packet = Uint8Array.from([...Array(16).fill(0), ...body.slice(i * size, (i + 1) * size)]);
      return new Part(header, new Packet(packet, 0, packet.length));
    });
    return { codec, parts };
  };

  test('in any order, some twice: the message once, when it is whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.infiniteStream(fc.nat()), (count, stream) => {
        const { codec, parts } = pieces(count);
        const order = parts.toSorted(() => ((stream.next().value as number) % 3) - 1);
        const withTwice = order.flatMap((part) =>
          (stream.next().value as number) % 2 ? [part] : [part, part],
        );
        let state = codec.initial();
        const got: unknown[] = [];
        let whole = 0;
        const seen = new Set<number>();
        for (const part of withTwice) {
          if (seen.size === count) break; // a copy after the end is the beginning of a new one
          const [next, messages] = codec.assemble(state, part, 0);
          state = next;
          seen.add(part.header.index);
          if (messages.length > 0) whole++;
          got.push(...messages);
        }
        expect([whole, got.length]).toEqual([1, 30]);
      }),
      { numRuns: 50 },
    );
  });

  test('one that stays incomplete is told and forgotten', () => {
    const { codec, parts } = pieces(3);
    let state: Jt808State = codec.initial();
    for (const part of parts.slice(1)) [state] = codec.assemble(state, part, 1000);
    expect(codec.deadline(state)).toBe(1000 + pieceTimeoutMs);
    const [after, , problems] = codec.expire(state, 1000 + pieceTimeoutMs);
    expect(problems.map(({ code }) => code)).toEqual(['jt808.incomplete']);
    expect(codec.deadline(after)).toBeUndefined();
  });

  // The number of what misses is a byte, and a word from 2019 on.
  test.each([
    [false, [1]],
    [true, [0, 1]],
  ])('the missing ones are asked for, three times (of 2019: %s)', (is2019, count) => {
    const { codec, parts } = pieces(3, undefined, is2019);
    const state = codec.initial();
    const dialogue = jt808Dialogue({ key: 'k', authenticate: false, now: () => 0, state: () => state });
    for (const part of [parts[0], parts[2]]) {
      codec.assemble(state, part as Part, 0);
      dialogue.answer(part as Part);
    }
    expect(dialogue.ask?.(1000)).toEqual([]);
    const [request] = dialogue.ask?.(5000) ?? [];
    const framed = packetFramer().push(Uint8Array.from([0x7e, ...(request ?? [])]));
    const [packet] = framed.flatMap((one) => ('frame' in one ? [one.frame] : []));
    const header = readHeader(packet as Packet);
    if ('code' in header) throw new Error(header.code);
    const body = (packet as Packet).subarray(header.bodyAt);
    // The serial of the first packet, how many miss, and which.
    expect([header.id, ...body]).toEqual([0x8003, 0xff, 0xfe, ...count, 0, 2]);
    expect([6000, 7000, 8000].map((ms) => dialogue.ask?.(ms).length)).toEqual([1, 1, 0]);
  });
});

describe('on a real socket', () => {
  const open: { session: DeviceSession; sockets: Socket[] }[] = [];
  afterEach(async () => {
    for (const { session, sockets } of open.splice(0)) {
      for (const socket of sockets) socket.destroy();
      await session.stop();
    }
  });

  async function box(devices: string[], commits: boolean) {
    const world = new DeviceWorld({ commits });
    let port = 0;
    const session = callInSession<Part>({
      driver: 'jt808',
      connection() {
        const codec = jt808Codec();
        return {
          codec,
          dialogue: jt808Dialogue({ key: 'k', authenticate: false, now: () => 0, state: () => undefined }),
        };
      },
      listen: { host: '127.0.0.1', port: 0 },
      devices,
      maxLinks: 10,
      stamp: {},
      staleAfterSeconds: 60,
      idleSeconds: 60,
      environment: world.environment,
      onListening: (address) => {
        port = address.port;
      },
    });
    const sockets: Socket[] = [];
    open.push({ session, sockets });
    session.start();
    await until('it listens', () => port !== 0);
    const call = async () => {
      const socket = connect({ host: '127.0.0.1', port });
      sockets.push(socket);
      const heard: number[][] = [];
      const framer = packetFramer();
      let closed = false;
      socket.on('close', () => {
        closed = true;
      });
      socket.on('data', (bytes) => {
        for (const framed of framer.push(bytes))
          if ('frame' in framed) {
            const header = readHeader(framed.frame);
            if ('code' in header) throw new Error(header.code);
            heard.push([header.id, ...framed.frame.subarray(header.bodyAt)]);
          }
      });
      await new Promise((done) => socket.once('connect', done));
      return { socket, heard, closed: () => closed };
    };
    return { world, call };
  }

  test('a report is answered when it is committed, and not before', async () => {
    const { world, call } = await box([phone], false);
    const { socket, heard } = await call();
    socket.write(report(5));
    socket.write(report(6));
    await until('both came', () => world.messages.length === 2);
    await new Promise((done) => setTimeout(done, 50));
    expect(heard).toEqual([]);
    world.commit(1);
    await until('the first is answered', () => heard.length === 1);
    expect(heard).toEqual([[0x8001, 0, 5, 2, 0, 0]]);
    world.commit();
    await until('and the second', () => heard.length === 2);
    expect(heard[1]).toEqual([0x8001, 0, 6, 2, 0, 0]);
  });

  test('a registration is answered with a code, which authenticates', async () => {
    const { call } = await box([phone], true);
    const { socket, heard } = await call();
    const layout = { phone, is2019: false };
    socket.write(packetFrom(layout, 0x0100, 1, registerBody(layout, 'B12345')));
    await until('the code came', () => heard.length === 1);
    expect(heard[0]?.slice(0, 4)).toEqual([0x8100, 0, 1, 0]);
    socket.write(packetFrom(layout, 0x0102, 2, heard[0]?.slice(4) ?? []));
    await until('it is let in', () => heard.length === 2);
    expect(heard[1]).toEqual([0x8001, 0, 2, 1, 2, 0]);
  });

  test('one that is not on the list is refused, and others are not disturbed', async () => {
    const { world, call } = await box([phone], true);
    const known = await call();
    const stranger = await call();
    stranger.socket.write(report(1, '019999999999'));
    await until('it is thrown out', stranger.closed);
    known.socket.write(report(2));
    await until('the other is heard', () => world.messages.length === 1);
    expect(world.messages.map(({ device }) => device)).toEqual([phone]);
    expect(world.codes()).toEqual(['callin.unknown']);
  });

  test('one that speaks for another is thrown out', async () => {
    const other = '013900000000';
    const { world, call } = await box([phone, other], true);
    const link = await call();
    link.socket.write(report(1));
    await until('it is heard', () => world.messages.length === 1);
    link.socket.write(report(2, other));
    await until('it is thrown out', link.closed);
    expect([world.messages.length, world.codes()]).toEqual([1, ['callin.changed']]);
  });
});

const field = join(import.meta.dirname, '../../../shared/data/jt808/field-frames.txt');
test.skipIf(!existsSync(field))(
  'frames from the field give no position from a wrong check (skipped without the data)',
  () => {
    const codec = jt808Codec();
    const positions: Position[] = [];
    let wrong = 0;
    for (const line of readFileSync(field, 'utf8').split('\n')) {
      if (!line.startsWith('7e')) continue;
      const [framed] = codec.fromHex?.(Buffer.from(line.trim(), 'hex')) ?? [];
      if (!framed || 'problem' in framed) {
        wrong++;
        continue;
      }
      const decoded = codec.decode(framed.frame);
      if ('parts' in decoded)
        for (const part of decoded.parts)
          positions.push(...(part.said?.messages ?? []).filter((message) => message.kind === 'position'));
    }
    expect(positions.length).toBeGreaterThan(20);
    expect(wrong).toBeGreaterThan(0);
    expect(positions.filter(({ lat, lon }) => Math.abs(lat) > 90 || Math.abs(lon) > 180)).toEqual([]);
    expect(JSON.stringify(positions)).not.toMatch(/ELOCK|529439/);
  },
);
