import { expect, it } from 'vitest';
import type { Metric } from '../../../bundle/schema.ts';
import { aimRows } from './aims.ts';

const metric = (name: string, set: string, value: number, low: number, high: number): Metric => ({
  name,
  set,
  value,
  low,
  high,
  confidence: 0.95,
  unit: '1',
  count: 100,
});

it('says of each aim whether it is reached, and whether that is proved', () => {
  const rows = aimRows([
    metric('false alarms', 'G', 0, 0, 0.037),
    metric('detection, cargo', 'G', 0.97, 0.92, 0.99),
  ]);
  expect(rows[0]).toContain('too few scans to prove it');
  expect(rows[1]).toContain('**not reached**');
  expect(rows[2]).toContain('not measured');
  expect(aimRows([metric('false alarms', 'G', 0.001, 0, 0.004)])[0]).toMatch(/\| reached \|$/);
});
