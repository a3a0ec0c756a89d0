import { describe, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { base, sampleEvent } from '../store/conformance/samples.ts';
import { defaultRules, riskOf } from './risk.ts';

const hourS = 3600;
const at = base + 100 * hourS * 1000;
const rules = {
  weights: [
    { type: 'quaywatch.track.*', points: 10, halfLifeHours: 10 },
    { type: 'quaywatch.track.clone', points: 40, halfLifeHours: 100 },
    { type: 'quaywatch.track.stop', points: 0, halfLifeHours: 1 },
  ],
  most: 2,
  raised: 30,
  high: 70,
};
let sequence = 0;
/** An event so many hours before the moment. */
const event = (type: string, hoursAgo: number, more: Partial<Event> = {}): Event => {
  sequence += 1;
  const seconds = (100 - hoursAgo) * hourS;
  return { ...sampleEvent('b', sequence, { seconds, type: `quaywatch.${type}`, subject: 't1' }), ...more };
};
const risk = (events: readonly Event[]) => riskOf('t1', events, rules, at, false);

describe('risk', () => {
  test('is the sum of its parts, each half after its half-life, by the name that fits best', () => {
    const { score, level, parts } = risk([
      event('track.spoof', 0),
      event('track.gap', 10),
      event('track.clone', 100),
      event('track.stop', 0),
      event('fence.enter', 0),
    ]);
    expect(parts.map(({ type, points }) => [type, points])).toEqual([
      ['quaywatch.track.clone', 20],
      ['quaywatch.track.spoof', 10],
      ['quaywatch.track.gap', 5],
    ]);
    expect([score, level]).toEqual([35, 'raised']);
    expect(risk([])).toMatchObject({ score: 0, level: 'none', parts: [] });
    expect(risk([event('track.gap', 0)]).level).toBe('some');
    expect(risk([event('track.clone', 0), event('track.clone', 0)]).level).toBe('high');
  });

  test('many of one type count as a few, and the last is named', () => {
    const events = [3, 1, 2].map((hours) => event('track.gap', hours / 1000));
    const { parts } = risk(events);
    expect(parts).toMatchObject([{ points: 20, events: 3, event: events[1]?.id, last: events[1]?.time }]);
  });

  test('what was withdrawn or superseded counts no more, nor what is of the place or of later', () => {
    const wrong = event('track.clone', 2);
    const right = event('track.clone', 1, { supersedes: wrong.id });
    expect(risk([wrong, right]).parts).toMatchObject([{ events: 1, event: right.id }]);
    const gone = event('track.clone', 1, { supersedes: wrong.id, data: { retracted: true } });
    expect(risk([wrong, gone]).score).toBe(0);
    expect(risk([event('track.gap', 0, { data: { class: 'coverage' } })]).score).toBe(0);
    expect(risk([event('track.gap', -1)]).score).toBe(0);
  });

  test('by the rules that come with the hub, one bad sign is worth a look and two stop', () => {
    const withDefaults = (events: readonly Event[]) => riskOf('t1', events, defaultRules, at, false).level;
    expect(withDefaults([event('track.spoof', 0)])).toBe('raised');
    expect(withDefaults([event('track.clone', 0), event('guard.violated', 0)])).toBe('high');
    expect(withDefaults(Array.from({ length: 50 }, () => event('track.gap', 0)))).toBe('some');
    expect(withDefaults([event('corridor.rejoin', 0)])).toBe('none');
  });

  test('a seal in order counts for nothing, however often it says so; one that is not does', () => {
    const seal = (type: string, state?: string) =>
      riskOf('t1', [event(type, 0, { data: state ? { state } : {} })], defaultRules, at, false).score;
    expect(['locked', 'unlocked'].map((state) => seal('seal.observed', state))).toEqual([0, 0]);
    expect([seal('seal.locked'), seal('seal.unlocked'), seal('seal.observed')]).toEqual([0, 0, 0]);
    expect(seal('seal.observed', 'tampered')).toBe(50);
    expect([seal('seal.cut'), seal('seal.unauthorised', 'unlocked')]).toEqual([50, 50]);
  });
});
