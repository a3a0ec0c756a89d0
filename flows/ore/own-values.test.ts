import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainCalibration } from '#test/support/plain-calibration';
import { addMissed, addPrediction, type OwnSums, ownValue } from './own-values.ts';

const calibration = plainCalibration();
const closed = { windows: { from: 8, to: 12 } };
const seen = (value: number, more: object = {}) => ({
  ...calibration.predict({
    kind: 'spectrum',
    quality: 'good',
    attributes: {},
    technique: 'nir',
    axis: { unit: 'nm', start: 1, step: 1 },
    values: [value, 0],
  }),
  ...more,
});
const ownOf = (sums: OwnSums, unit?: string) => ownValue(sums, 'pls-fe', unit, closed);

describe('the value of an increment by a calibration', () => {
  test('is the mean of its windows, however many spectra each has, and counts as one in its random error', () => {
    const sums: OwnSums = {};
    for (const value of [60, 60, 60, 62]) addPrediction(sums, calibration, value === 62 ? 9 : 8, seen(value));
    addPrediction(sums, calibration, 7, seen(10));
    expect(ownOf(sums)).toEqual({
      ...{ name: 'Fe', unit: '%', value: 61, sigma: 0.4, bias: 0.3 },
      by: { id: 'pls-fe', version: '1.0.0', signed: true, simulated: false },
    });
  });

  test('is the same to the last bit in whatever order the spectra came', () => {
    const spectrum = fc.record({
      window: fc.integer({ min: 8, max: 11 }),
      value: fc.double({ min: 50, max: 70, noNaN: true }),
      sigma: fc.double({ min: 0.01, max: 2, noNaN: true }),
    });
    const spectra = fc.array(spectrum, { minLength: 2, maxLength: 60 });
    const shuffled = spectra.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const [a, b] = [one, other].map((order) => {
          const sums: OwnSums = {};
          for (const { window, value, sigma } of order)
            addPrediction(sums, calibration, window, seen(value, { sigma }));
          return ownOf(sums);
        });
        expect(a).toEqual(b);
      }),
    );
  });

  test('is of the version that saw most of it', () => {
    const sums: OwnSums = {};
    for (const window of [8, 9, 10]) addPrediction(sums, calibration, window, seen(60));
    addPrediction(sums, plainCalibration({ version: '1.0.1' }), 11, seen(64));
    expect(ownOf(sums)).toMatchObject({ value: 60, by: { version: '1.0.0' } });
  });

  test('is none where fewer than half of the windows were seen, and says why', () => {
    const sums: OwnSums = {};
    addPrediction(sums, calibration, 8, seen(60));
    addMissed(sums, 'pls-fe', 'Q is above its limit.');
    expect(ownOf(sums)).toBe('pls-fe 1.0.0 abstains: it saw 1 of 4 windows. Q is above its limit.');
    expect(ownOf({})).toBe('pls-fe abstains: it saw 0 of 4 windows. No spectrum of it came.');
  });

  test('is none in another unit than that of ore, unless the flow says the unit', () => {
    const sums: OwnSums = {};
    for (const window of [8, 9]) addPrediction(sums, plainCalibration({ unit: '1' }), window, seen(60));
    expect(ownOf(sums)).toContain('its unit is 1');
    expect(ownOf(sums, '%')).toMatchObject({ value: 60 });
  });

  test('remembers few reasons, whatever instruments say', () => {
    const sums: OwnSums = {};
    for (let i = 0; i < 1000; i++) addMissed(sums, 'pls-fe', `It is ${i} off.`);
    expect(Object.keys(sums['pls-fe']?.missed ?? {})).toHaveLength(9);
  });
});
