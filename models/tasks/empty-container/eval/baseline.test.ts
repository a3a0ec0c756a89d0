import { expect, it } from 'vitest';
import { Baseline } from './baseline.ts';
import { HeldOutScans } from './scans.ts';
import { validationGroups } from './sets.ts';

it('the baseline sees a large load stand out of an empty container', () => {
  const scans = new HeldOutScans();
  const baseline = new Baseline();
  const [empty, cargo] = validationGroups.map((group) => baseline.scores(scans.make(group, group.seed)));
  expect(cargo?.mass).toBeGreaterThan(2 * (empty?.mass ?? 0));
  expect(cargo?.residual).toBeGreaterThan(empty?.residual ?? 0);
}, 60_000);
