import { expect, test } from 'vitest';
import { countsOf } from '#flows/ore/gamma-windows';
import { GammaField, gammaCounts, usualActivity, usualMonitor } from '../../physics/ore/gamma.ts';
import { Random } from '../../physics/xray/random.ts';
import { GammaBins } from './gamma-bins.ts';

test('a spectrum in bins has the counts of all and of every window that its channels have', () => {
  const { channels, keVPerChannel: step } = usualMonitor;
  const bins = new GammaBins(channels, step / 2, step);
  const rates = new GammaField().expected({ kgPerM: 400, bqPerKg: usualActivity });
  const counts = gammaCounts(rates, 60, new Random(3));
  const base = { kind: 'spectrum', technique: 'gamma', quality: 'good', attributes: {} } as const;
  const whole = { ...base, axis: { unit: 'keV', start: step / 2, step }, values: Array.from(counts) };
  const binned = {
    ...base,
    axis: { unit: 'keV', values: [...bins.energies] },
    values: [...bins.merged(counts)],
  };
  expect(binned.values.length).toBeLessThan(15);
  expect(Object.keys(countsOf(binned).byWindow)).toHaveLength(6);
  expect(countsOf(binned)).toEqual(countsOf(whole));
});
