import { expect, test } from 'vitest';
import type { Position } from '#flows/message';
import { decodeAll } from '#test/support/decode-all';
import { jt808Codec } from './codec.ts';
import { locationBody, packetFrom } from './encode.ts';

const place: Position = {
  kind: 'position',
  time: '2026-11-22T00:00:00Z',
  lon: -121.5,
  lat: 31.25,
  altitudeM: -12,
  fix: true,
  quality: 'good',
  attributes: {},
};
/** Where the parts of a location report are, bytes. */
const [statusAt, latitudeAt, longitudeAt, timeAt] = [4, 8, 12, 22];

/** What is read of a report in which bytes were changed, and of items behind it. */
function read(change: (body: Buffer) => void = () => undefined, items: readonly number[] = []) {
  const body = Buffer.from([...locationBody(place), ...items]);
  change(body);
  return decodeAll(jt808Codec(), [
    packetFrom({ phone: '013912345678', is2019: false }, 0x0200, 1, [...body]),
  ]);
}

test('as it was sent', () => {
  expect(read()).toMatchObject({
    messages: [{ ...place, device: '013912345678', quality: 'good', fix: true }],
    codes: [],
  });
});

test('without a fix the values are kept', () => {
  const { messages } = read((body) => body.writeUInt32BE(body.readUInt32BE(statusAt) & ~2, statusAt));
  expect(messages).toMatchObject([{ fix: false, lon: -121.5, lat: 31.25 }]);
});

test('encrypted coordinates are suspect, and no place of a lock', () => {
  // A lock of item 0xd5: number, card, battery, status.
  const lock = [0xd5, 13, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 90, 0, 0];
  const encrypt = (body: Buffer) => body.writeUInt32BE(body.readUInt32BE(statusAt) | 0x20, statusAt);
  const { messages } = read(encrypt, lock);
  expect(messages[0]).toMatchObject({ quality: 'suspect', attributes: { encrypted: true } });
  const seals = messages.filter(({ kind }) => kind === 'seal');
  expect(seals).toHaveLength(1);
  expect(seals[0]).not.toHaveProperty('lon');
  expect(seals[0]?.quality).toBe('suspect');
});

test.each([
  ['latitude', latitudeAt, 90_000_001],
  ['longitude', longitudeAt, 180_000_001],
])('a %s that cannot be is no position', (_, at, value) => {
  expect(read((body) => body.writeUInt32BE(value, at))).toEqual({ messages: [], codes: ['jt808.place'] });
});

test('a time that cannot be is none, and said', () => {
  const { messages } = read((body) => body.fill(0x99, timeAt, timeAt + 6));
  expect(messages).toMatchObject([{ quality: 'suspect', attributes: { timeInvalid: true } }]);
  expect(messages[0]).not.toHaveProperty('time');
});
