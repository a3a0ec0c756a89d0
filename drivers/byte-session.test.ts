import { describe, expect, test } from 'vitest';
import type { Message, Position } from '#flows/message';
import { DeviceWorld } from '#test/support/device-world';
import { settle, VirtualTime } from '#test/support/virtual-time';
import { byteSession } from './byte-session.ts';
import type { Codec } from './driver.ts';
import { nmeaCodec } from './nmea/codec.ts';
import type { Sentence } from './nmea/fields.ts';
import { wrap } from './nmea/sentence.ts';
import { type MemoryPeer, memoryTransport } from './transport/memory.ts';

function rig(stamp = {}, codec: Codec = nmeaCodec as Codec) {
  const time = new VirtualTime('2026-01-31T10:10:12.000Z');
  const world = new DeviceWorld({ clock: time.clock, timers: time });
  const peers: MemoryPeer[] = [];
  const session = byteSession({
    driver: 'nmea',
    codec,
    transport: memoryTransport('memory', (peer) => void peers.push(peer)),
    repeats: false,
    stamp,
    staleAfterSeconds: 10,
    environment: world.environment,
  });
  const say = (...bodies: string[]) => peers.at(-1)?.send(Buffer.from(bodies.map(wrap).join('')));
  return { time, world, session, peers, say };
}

const gll = (time: string, minutes = '00.0') => `GPGLL,51${minutes},N,00400.0,E,${time},A`;

describe('from bytes to messages', () => {
  test('a message bears the configured device and datum, when it came, and the date of the clock', async () => {
    const { session, world, say, time } = rig({ device: 'R1', datum: 'ED50' });
    session.start();
    await settle();
    say(gll('101011.00'), gll('101012.00'));
    const [message] = world.messages as Position[];
    expect(message).toMatchObject({
      device: 'R1',
      time: '2026-01-31T10:10:11.000Z',
      received: '2026-01-31T10:10:12.000Z',
      attributes: { datum: 'ED50' },
    });
    await time.advance(2000);
    expect(world.messages).toHaveLength(2);
  });

  test('a time of day is on the day that is nearest to the clock', async () => {
    const { session, world, say, time } = rig();
    session.start();
    await time.advance((13 * 3600 + 49 * 60 + 50) * 1000); // 00:00:02 of the next day
    say(gll('235959.00'), gll('000001.00'));
    await time.advance(2000);
    expect(world.messages.map((message) => message.time)).toEqual([
      '2026-01-31T23:59:59.000Z',
      '2026-02-01T00:00:01.000Z',
    ]);
  });

  test('the last epoch of a receiver that falls silent is not held back', async () => {
    const { session, world, say, time } = rig();
    session.start();
    await settle();
    say(gll('101012.00'));
    await time.advance(1499);
    expect(world.messages).toEqual([]);
    await time.advance(1);
    expect(world.messages).toHaveLength(1);
  });

  test('an epoch that the connection cuts off is given, and half a sentence is told', async () => {
    const { session, world, say, time, peers } = rig();
    session.start();
    await settle();
    say(gll('101012.00'));
    peers[0]?.send(Buffer.from('$GPGLL,51'));
    peers[0]?.hangUp();
    await time.advance(0);
    expect([world.messages.length, world.codes()]).toEqual([1, ['nmea.nochecksum']]);
    await time.advance(1000);
    expect(peers).toHaveLength(2);
  });

  test('noise is no sign of life', async () => {
    const { session, time, peers, say } = rig();
    session.start();
    await settle();
    say('GPGSV,1,1,00'); // a receiver without a fix is heard, too
    expect(session.health().state).toBe('live');
    for (let i = 0; i < 12; i++) {
      await time.advance(1000);
      peers[0]?.send(Buffer.from('noise\r\n'));
    }
    expect(session.health().state).toBe('stale');
    expect(session.health().errors).toBe(12);
  });

  test('a codec that throws loses one frame', async () => {
    const broken: Codec = {
      ...(nmeaCodec as Codec),
      decode: (frame) => {
        if ((frame as Sentence).text.includes('BOOM')) throw new Error('no such thing');
        return (nmeaCodec as Codec).decode(frame);
      },
    };
    const { session, world, say, time } = rig({}, broken);
    session.start();
    await settle();
    say('GPBOOM', gll('101012.00'));
    await time.advance(2000);
    expect([world.codes(), world.messages.length]).toEqual([['driver.threw'], 1]);
  });

  test('what is held while there is no room comes afterwards', async () => {
    const { session, world, say, time, peers } = rig();
    session.start();
    await settle();
    world.credit(false);
    expect(peers[0]?.paused).toBe(true);
    say(gll('101012.00'), gll('101013.00'));
    expect(world.messages).toEqual([]);
    world.credit(true);
    await time.advance(2000);
    expect(world.messages).toHaveLength(2);
  });

  test('a recording sees the bytes before they are decoded', async () => {
    const { world, session, peers } = rig();
    const seen: string[] = [];
    Object.assign(world.environment, {
      wire: (bytes: Uint8Array) => seen.push(Buffer.from(bytes).toString()),
    });
    session.start();
    await settle();
    peers[0]?.send(Buffer.from('any bytes'));
    expect(seen).toEqual(['any bytes']);
  });
});

test('messages of a former connection do not come', async () => {
  const { session, world, peers, time } = rig();
  session.start();
  await settle();
  const messages: Message[] = world.messages;
  peers[0]?.hangUp();
  await time.advance(1000);
  peers[0]?.send(Buffer.from(wrap(gll('101012.00'))));
  await time.advance(2000);
  expect(messages).toEqual([]);
});
