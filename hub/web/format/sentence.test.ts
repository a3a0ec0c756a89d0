import { describe, expect, test } from 'vitest';
import type { Event } from '#hub/api/types';
import { sentence } from './sentence.ts';
import { lookOf } from './severity.ts';

const event = (type: string, data: Record<string, unknown> = {}, more: Partial<Event> = {}): Event => ({
  specversion: '1.0',
  id: 'b-1:7',
  source: '/boxes/b-1/flows/gate/out',
  type: `quaywatch.${type}`,
  subject: 'truck-07',
  time: '2026-03-01T14:03:22.000Z',
  data,
  site: 'quay',
  box: 'b-1',
  sequence: 7,
  priority: 'alarm',
  previous: 6,
  flowhash: 'ab'.repeat(32),
  ...more,
});
const names = { fence: (id: string) => (id === 'gate-a' ? 'Gate A' : id), box: () => 'gate-box' };
const say = (...args: Parameters<typeof event>) => sentence(event(...args), names);

describe('a sentence', () => {
  test.each([
    ['fence.enter', { fence: 'gate-a' }, 'truck-07 entered Gate A'],
    ['fence.enter', { fence: 'gate-a', opened: true }, 'truck-07 is in Gate A as its hours begin'],
    ['fence.exit', { fence: 'corridor' }, 'truck-07 left corridor'],
    ['fence.cross', { fence: 'gate-a' }, 'truck-07 crossed Gate A between two fixes'],
    ['fence.dwell', { fence: 'gate-a', dwellSeconds: 900 }, 'truck-07 has been in Gate A for 15 min 00 s'],
    ['fence.dwell', { fence: 'gate-a' }, 'truck-07 has been in Gate A longer than allowed'],
    [
      'track.teleport',
      { distanceM: 12_400 },
      'truck-07 is suddenly 12.4 km away, where it cannot have got to',
    ],
    ['track.gap', { class: 'link', seconds: 300 }, 'truck-07 was silent for 5 min 00 s'],
    ['track.gap', { class: 'coverage', seconds: 300 }, 'truck-07 was silent for 5 min 00 s, where many are'],
    [
      'track.spoof',
      { reason: 'witness', by: 'gate-1', distanceM: 5000 },
      'truck-07 was seen at gate-1 and reports a place 5.0 km away',
    ],
    [
      'track.outage',
      { count: 7, seconds: 300, devices: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
      '7 truck-07 were silent together for 5 min 00 s: a, b, c, d, e and 2 more',
    ],
    ['track.spoof', { reason: 'time', aheadSeconds: 30 }, 'truck-07 dates its fixes ahead by 30 s'],
    ['track.gap', { class: 'fix', seconds: 300 }, 'truck-07 had no fix for 5 min 00 s'],
    [
      'track.separation',
      { truck: 'truck-3', distanceM: 340 },
      'truck-07 is not with truck-3 any more, 340 m apart',
    ],
    [
      'track.association',
      { truck: 'truck-4', before: 'truck-3' },
      'truck-07 goes on with truck-4 instead of truck-3: same cargo, another truck',
    ],
    [
      'track.companion',
      { members: ['a', 'b', 'c'], chance: 0.0098 },
      'a, b and c travel together; by chance once in 102',
    ],
    ['track.spoof', { reason: 'place', devices: ['a', 'b'] }, 'a and b report the very same place'],
    ['corridor.wrongWay', { corridor: 'A1' }, 'truck-07 goes route A1 the wrong way'],
    ['control.violation', { step: 'scan', violation: 'tooFast' }, 'truck-07 did step scan too fast'],
    ['guard.violated', { reason: 'outside' }, 'truck-07 left where it has to stay'],
    ['watch.hit', { list: 'wanted' }, 'truck-07 is on watch list wanted'],
    [
      'watch.hit',
      { list: 'wanted', title: 'Wanted by customs', entry: 'TRUCK 07', note: 'stolen' },
      'truck-07 is on watch list Wanted by customs: stolen',
    ],
    [
      'watch.hit',
      { list: 'wanted', entry: 'QWLU1000042' },
      'QWLU1000042, on watch list wanted, is named by truck-07',
    ],
    [
      'seal.tampered',
      { container: 'QWLU3054383', reason: 'shell opened' },
      'Seal truck-07 of container QWLU3054383 was tampered with: shell opened',
    ],
    ['seal.observed', { state: 'cut' }, 'Seal truck-07 was cut'],
    [
      'threshold.cleared',
      { value: 4, limit: 5, side: 'below' },
      'truck-07: back within the lower limit of 5 at 4',
    ],
    [
      'window.closed',
      { count: 12, begin: '2026-03-01T14:00:00Z', end: '2026-03-01T14:01:00Z' },
      'truck-07: 12 messages from 14:00:00 UTC to 14:01:00 UTC (1 min 00 s)',
    ],
    [
      'outbox.tombstone',
      { count: 3, priority: 'telemetry', reason: 'budget' },
      '3 telemetry events of box gate-box will never come: budget',
    ],
    [
      'device.gap',
      { from: '2026-03-01T14:00:00Z', to: '2026-03-01T14:01:39Z' },
      'No data from truck-07 from 14:00:00 UTC to 14:01:39 UTC (1 min 39 s)',
    ],
    ['threshold.raised', { value: 61.5, unit: 'Cel' }, 'truck-07: beyond the limit at 61.5 Cel'],
    [
      'threshold.raised',
      { value: 99.9, limit: 90, side: 'above', name: 'speed', unit: 'km/h' },
      'truck-07: speed beyond the upper limit of 90 km/h at 99.9 km/h',
    ],
    [
      'position.observed',
      { lat: 34.75, lon: 119.6, speedKph: 42, courseDeg: 87 },
      'truck-07 at 34° 45.000′ N, 119° 36.000′ E, 42 km/h towards 087°',
    ],
    ['verdict.observed', { outcome: 'none' }, 'truck-07 has no verdict (this is not clear)'],
    ['tide.turned', {}, 'Tide turned: truck-07'],
    ['toString', {}, 'ToString: truck-07'],
  ])('for %s', (type, data, expected) => {
    expect(say(type, data)).toBe(expected);
  });

  test('says when it corrects or withdraws another', () => {
    expect(say('fence.enter', { fence: 'gate-a' }, { supersedes: 'b-1:3' })).toMatch(/^Corrected: /);
    expect(say('fence.enter', { fence: 'gate-a', retracted: true }, { supersedes: 'b-1:3' })).toMatch(
      /^Withdrawn: /,
    );
  });

  test('does not say seal twice', () => {
    expect(say('seal.observed', { state: 'locked' }, { subject: 'seal-10' })).toBe('Seal-10 is locked');
  });

  test('holds up when the data is not what was expected', () => {
    expect(say('device.gap', { from: 4, to: null })).toContain('an unknown time');
    expect(say('position.observed', { lat: 'north' })).toContain('an unknown place');
    expect(say('seal.observed', {})).toContain('unknown');
    expect(say('box.full', {}, {})).toContain('gate-box');
  });
});

test('no verdict never looks like clear, and a withdrawn alarm is no alarm', () => {
  const verdict = (data: Record<string, unknown>) =>
    lookOf(event('lot.verdict', data, { priority: 'verdict' }));
  expect([verdict({ outcome: 'clear' }), verdict({ outcome: 'none' }), verdict({})]).toEqual([
    'clear',
    'none',
    'none',
  ]);
  expect(lookOf(event('fence.exit', { retracted: true }))).toBe('withdrawn');
  expect(lookOf(event('threshold.raised', {}))).toBe('alarm');
  expect(lookOf(event('threshold.cleared', {}))).toBe('over');
  expect(lookOf(event('box.full', { state: 'cleared' }))).toBe('over');
  expect(lookOf(event('fence.exit', {}, { priority: 'verdict' }))).toBe('verdict');
});
