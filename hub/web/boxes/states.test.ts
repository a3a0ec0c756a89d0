import { expect, test } from 'vitest';
import type { BoxView } from '#hub/api/types';
import { summarise } from '../frame/site-summary.ts';
import { isAbnormal, linkState } from './states.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const box = (more: Partial<BoxView> = {}): BoxView => ({
  box: 'b-1',
  name: 'gate',
  site: 'quay',
  link: 'connected',
  linkSince: '2026-03-01T10:00:00Z',
  heard: new Date(now - 3000).toISOString(),
  watermarks: {},
  ...more,
});

test('a link that is up but says nothing is not called connected', () => {
  expect(linkState(box(), now, false).word).toBe('Connected');
  const silent = linkState(box({ heard: new Date(now - 60_000).toISOString() }), now, false);
  expect([silent.word, isAbnormal(silent)]).toEqual(['Silent', true]);
  const { heard: _, ...unheard } = box();
  expect(linkState(unheard, now, false).word).toBe('Silent');
});

test('a site is as well as the worst of its boxes', () => {
  const old = new Date(now - 300_000).toISOString();
  expect(summarise([], now)).toEqual({ look: 'off', words: 'no boxes' });
  expect(summarise([box()], now)).toEqual({ look: 'good', words: '3 s' });
  expect(summarise([box(), box({ link: 'lost', heard: old })], now)).toEqual({
    look: 'alarm',
    words: 'link lost 1 of 2, 5 min',
  });
});
