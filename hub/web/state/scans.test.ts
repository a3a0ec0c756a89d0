import { describe, expect, test } from 'vitest';
import type { ScanView } from '#hub/api/types';
import { noFilters } from './address.ts';
import { digest } from './digest.ts';
import { arriveScans, firstScans, maxScans, mergeScans, olderScans, scanAt, scanFits } from './scans.ts';

const second = (n: number) => new Date(Date.parse('2026-03-01T12:00:00Z') + n * 1000).toISOString();
const scanOf = (id: string, startedS: number, more: Partial<ScanView> = {}): ScanView => ({
  box: 'b-1',
  site: 'quay',
  scan: id,
  scanner: 'a1',
  started: second(startedS),
  ended: second(startedS + 40),
  state: 'complete',
  columns: 3000,
  rows: 1000,
  planes: ['high', 'low'],
  energiesMv: [6, 4],
  pixelMm: 5,
  airLevel: 60_000,
  place: 'hub',
  thumbnail: true,
  findings: [],
  ...more,
});
const verdict = (outcome: 'clear' | 'suspect' | 'none', atS: number): NonNullable<ScanView['verdict']> => ({
  outcome,
  confidence: 0.9,
  reasons: [],
  time: second(atS),
  sequence: 7,
});
const ids = (rows: readonly ScanView[]) => rows.map((row) => row.scan);

describe('the gallery', () => {
  test('live scans come first, then the newest; each stays once', () => {
    const rows = mergeScans(
      [scanOf('old', 0), scanOf('new', 100)],
      [scanOf('live', 50, { state: 'live' }), scanOf('old', 0)],
    );
    expect(ids(rows)).toEqual(['live', 'new', 'old']);
  });

  test('live word changes a scan in its place, and what no longer fits the filters goes', () => {
    const filters = { ...noFilters, outcome: 'clear' };
    const page = firstScans({ scans: [scanOf('a', 0, { verdict: verdict('clear', 41) })] });
    const more = arriveScans(page, [scanOf('b', 50, { verdict: verdict('suspect', 91) })], filters);
    expect(ids(more.rows)).toEqual(['a']);
    const changed = arriveScans(more, [scanOf('a', 0, { verdict: verdict('suspect', 42) })], filters);
    expect(ids(changed.rows)).toEqual([]);
    expect(scanFits(scanOf('c', 0), { ...noFilters, site: 'yard' })).toBe(false);
    expect(scanFits(scanOf('c', 0), { ...noFilters, scanner: 'a1', box: 'b-1' })).toBe(true);
  });

  test('pages join; more than can be held is let go at the far end', () => {
    const first = firstScans({ scans: [scanOf('b', 100)], next: 'x' });
    const both = olderScans(first, { scans: [scanOf('a', 0)] });
    expect([ids(both.rows), both.complete, both.next]).toEqual([['b', 'a'], true, undefined]);
    const many = Array.from({ length: maxScans + 1 }, (_, i) => scanOf(`s${i}`, i));
    const full = arriveScans(first, many, noFilters);
    expect(full.rows.length).toBeLessThanOrEqual(maxScans);
    expect(full.rows[0]?.scan).toBe(`s${maxScans}`);
    expect(full.complete).toBe(false);
  });

  test('the stream’s word of a scan is its last', () => {
    const news = digest(
      [
        { kind: 'scan', scan: scanOf('a', 0, { state: 'live', columns: 10 }) },
        { kind: 'scan', scan: scanOf('a', 0, { state: 'live', columns: 90 }) },
      ],
      0,
    );
    expect([...news.scans.values()].map((each) => each.columns)).toEqual([90]);
  });
});

describe('a scan at a moment of the past', () => {
  const judged = scanOf('a', 0, {
    verdict: verdict('suspect', 45),
    findings: [{ label: 'loaded', score: 0.9, model: 'm', modelVersion: '1.0.0', signed: true }],
  });
  const at = (s: number) => scanAt(judged, Date.parse(second(s)));

  test('is nothing before it began, grows, ends, and is judged when it was judged', () => {
    expect(at(-1)).toBeUndefined();
    expect(at(10)).toMatchObject({ state: 'live', columns: 750, findings: [] });
    expect(at(10)?.verdict).toBeUndefined();
    expect(at(10)?.ended).toBeUndefined();
    expect(at(42)).toMatchObject({ state: 'complete', columns: 3000, findings: [] });
    expect(at(42)?.verdict).toBeUndefined();
    expect(at(42)?.ended).toBe(judged.ended);
    expect(at(46)).toBe(judged);
    expect(scanAt(judged, undefined)).toBe(judged);
  });
});
