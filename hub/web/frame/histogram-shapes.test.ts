import { describe, expect, test } from 'vitest';
import type { StoredEvent, Timeline } from '#hub/api/types';
import { counted, windowFor } from '../state/timeline-model.ts';
import { shapesOf, ticksOf } from './histogram-shapes.ts';

const from = Date.parse('2026-03-01T12:00:00Z');
const timeline = (counts: Timeline['counts']): Timeline => ({
  from: new Date(from).toISOString(),
  to: new Date(from + counts.length * 60_000).toISOString(),
  bucketS: 60,
  counts,
});
const none = { alarm: 0, verdict: 0, telemetry: 0 };

describe('the histogram', () => {
  test('an alarm has a mark of its own, however many other events there are', () => {
    const shapes = shapesOf(timeline([{ alarm: 1, verdict: 0, telemetry: 9999 }, none]), {
      from,
      to: from + 120_000,
    });
    expect(shapes.alarms).toMatch(/^M250\.0 /);
    expect(shapes.verdicts).toBe('');
    expect(shapes.bars).toMatch(/^M0\.0 100v-66\.0/);
  });

  test('what lies outside the window is not drawn', () => {
    const shapes = shapesOf(timeline([{ alarm: 1, verdict: 1, telemetry: 1 }]), {
      from: from + 120_000,
      to: from + 240_000,
    });
    expect(shapes).toEqual({ bars: '', verdicts: '', alarms: '' });
  });

  test('labels stand at round times, days at midnight', () => {
    const texts = (length: number) => ticksOf({ from, to: from + length }, 8).map((t) => t.text);
    expect(texts(3_600_000)).toEqual(['12:00', '12:10', '12:20', '12:30', '12:40', '12:50', '13:00']);
    expect(texts(48 * 3_600_000)).toContain('03-02');
  });
});

test('live events are counted into their bucket, and those outside wait', () => {
  const event = (at: number) =>
    ({ event: { time: new Date(at).toISOString(), priority: 'alarm' } }) as StoredEvent;
  const after = counted(timeline([none, none]), [event(from + 61_000), event(from - 1), event(from + 1e7)]);
  expect(after.counts.map((c) => c.alarm)).toEqual([0, 1]);
});

test('the window ends at the present as long as the moment is in it', () => {
  const hour = 3_600_000;
  expect(windowFor(hour, from - 600_000, from)).toEqual({ from: from - hour, to: from });
  expect(windowFor(hour, from - 5 * hour, from)).toEqual({ from: from - 5.5 * hour, to: from - 4.5 * hour });
});
