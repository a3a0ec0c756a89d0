import { expect, test } from 'vitest';
import { instrumentWeek } from '#test/support/instrument-week';
import { moment } from '#test/support/ore';
import { foldCharts, type InstrumentCharts, maxPoints } from './instrument-charts.ts';

test('charts of a week have every stretch, what was told, and what was done', () => {
  const events = instrumentWeek('2026-03-01T09:00:00Z');
  const charts: InstrumentCharts = [];
  for (const { type, time = '', data } of events) foldCharts(charts, { type, time, data });
  const lamp = charts.find(({ check }) => check === 'white.level');
  expect(lamp?.points.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(1000);
  const work = lamp?.marks.findIndex(({ what }) => what === 'recalibrated') ?? -1;
  expect(lamp?.marks[work]).toMatchObject({ detail: 'lamp replaced, by Li' });
  expect(lamp?.marks.slice(0, work).some(({ what }) => what === 'drift')).toBe(true);
  // the lamp is new: the last day is in control
  expect(lamp?.points.slice(-20).every(({ state }) => state === 'in')).toBe(true);
  // work at one instrument is none at another
  expect(charts.find(({ device }) => device === 'xrf-1')?.marks.map(({ what }) => what)).not.toContain(
    'recalibrated',
  );
});

test('charts are bounded, and a point that says nothing is none', () => {
  const charts: InstrumentCharts = [];
  const say = (second: number, value: unknown) =>
    foldCharts(charts, {
      type: 'quaywatch.instrument.check',
      time: moment(second),
      data: { device: 'nir', check: 'white.level', from: moment(second), count: 1, value, least: 1, most: 1 },
    });
  for (let second = 0; second < maxPoints + 50; second++) say(second, 1);
  say(0, null);
  say(0, 'one');
  foldCharts(charts, { type: 'quaywatch.instrument.check', time: moment(1), data: {} });
  expect(charts).toHaveLength(1);
  expect(charts[0]?.points).toHaveLength(maxPoints);
  expect(charts[0]?.points[0]?.time).toBe(moment(50));
});
