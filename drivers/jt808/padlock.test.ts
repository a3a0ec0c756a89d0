import { expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { jt808Codec } from './codec.ts';
import { locationBody, packetFrom } from './encode.ts';
import { padlockEvent } from './padlock.ts';

/** What a padlock's report with an event says; the content behind the number is a card or a telephone. */
function said(event: number, fix = true): readonly Message[] {
  const body = locationBody({
    kind: 'position',
    time: '2026-11-22T00:00:00Z',
    lon: 121,
    lat: 31,
    fix,
    quality: 'good',
    attributes: {},
  });
  const item = [0x60, 4, event >> 8, event & 255, 0x12, 0x34];
  const packet = packetFrom({ phone: '013912345678', is2019: false }, 0x0200, 1, [...body, ...item]);
  const codec = jt808Codec();
  const [framed] = codec.framer().push(packet);
  if (!framed || !('frame' in framed)) throw new Error('it is no packet');
  const decoded = codec.decode(framed.frame);
  if (!('parts' in decoded)) throw new Error(decoded.problem.message);
  return decoded.parts.flatMap((part) => codec.assemble(codec.initial(), part, 0)[1]);
}

test.each([
  [0x01, 'unlocked', 'shackleOpened'],
  [0x03, 'locked', 'sealed'],
  [0x0a, 'unlocked', 'unsealed'],
  [0x0f, 'tampered', 'openedWhileSealed'],
  [0x10, 'tampered', 'shellTampered'],
  [0x11, 'cut', 'ropeCut'],
  [0x14, 'locked', 'sealedAgainByItself'],
  [0x18, 'fault', 'motorStuck'],
])('event %i makes the seal %s: %s', (event, state, reason) => {
  const [position, seal] = said(event);
  expect(position).toMatchObject({ attributes: { lockEvent: event, lockEventName: reason } });
  expect(seal).toMatchObject({ kind: 'seal', device: '013912345678', state, reason, lon: 121, lat: 31 });
});

test('a refusal is an alarm that changes no state, and what is unknown stays a number', () => {
  expect(said(0x0e)).toMatchObject([
    { kind: 'position', attributes: { lockEventName: 'unsealRefusedOutsideArea', lockAlarm: true } },
  ]);
  expect(said(0x0e)).toHaveLength(1);
  expect(said(0x61)).toMatchObject([{ kind: 'position', attributes: { lockEvent: 0x61 } }]);
  expect(padlockEvent(0x19)).toBeUndefined();
});

test('without a fix the seal says no place', () => {
  const [, seal] = said(0x0f, false);
  expect(seal).not.toHaveProperty('lon');
});
