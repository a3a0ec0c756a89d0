import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goOn, inDoubt, last, loadAt, massAt, placeAt, placeOfMass, startTravel, timeOf } from './travel.ts';

const settings = { kgPerM: 400, gapMs: 3000, keepM: 1000 };

function travelOf(speeds: readonly number[], massKg: readonly number[]) {
  const travel = startTravel({ ms: 0, totaliserKg: 1000, speedMps: speeds[0] ?? 0 });
  let total = 1000;
  speeds.slice(1).forEach((speedMps, i) => {
    total += massKg[i] ?? 0;
    goOn(travel, { ms: (i + 1) * 200, totaliserKg: total, speedMps }, settings);
  });
  return travel;
}

test('the way is the integral of the speed, the load is mass by way', () => {
  const travel = travelOf([2, 2, 2, 4], [100, 100, 100]);
  expect(last(travel.xM)).toBeCloseTo(0.4 + 0.4 + 0.6, 12);
  expect(placeAt(travel, 300)).toBeCloseTo(0.6, 12);
  expect(placeAt(travel, -1)).toBeUndefined();
  expect(loadAt(travel, 0.5)).toBeCloseTo(250, 9);
  expect(timeOf(travel, 0.6)).toBeCloseTo(300, 9);
});

test('a stop keeps its two ends, so that what is measured in it lies where the belt stands', () => {
  const travel = travelOf([2, 0, 0, 0, 0, 2, 2], [100, 0, 0, 0, 0, 100]);
  expect(placeAt(travel, 500)).toBeCloseTo(0.2, 12);
  expect(placeAt(travel, 790)).toBeCloseTo(0.2, 12);
  expect(travel.stoodMs).toBe(600);
});

test('metres come from the totaliser where nobody says a speed, and a totaliser set to zero adds nothing', () => {
  const travel = startTravel({ ms: 0, totaliserKg: 5000, speedMps: undefined });
  goOn(travel, { ms: 1000, totaliserKg: 5800, speedMps: undefined }, settings);
  expect(last(travel.xM)).toBe(2);
  goOn(travel, { ms: 2000, totaliserKg: 100, speedMps: undefined }, settings);
  expect(last(travel.kg)).toBe(800);
});

test('what went by while the scale was silent is in doubt, its mass is not lost', () => {
  const travel = startTravel({ ms: 0, totaliserKg: 0, speedMps: 2 });
  goOn(travel, { ms: 1000, totaliserKg: 500, speedMps: 2 }, settings);
  goOn(travel, { ms: 9000, totaliserKg: 4500, speedMps: 2 }, settings);
  expect(inDoubt(travel, 1, 900)).toBe(false);
  expect(inDoubt(travel, 10, 6000)).toBe(true);
  expect(massAt(travel, 10)).toBeCloseTo(2500, 9);
});

test('place and mass are each other’s inverse, and never go back', () => {
  const step = fc.record({ speed: fc.double({ min: 0, max: 5, noNaN: true }), kg: fc.nat(2000) });
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 60 }), (steps) => {
      const travel = travelOf(
        steps.map(({ speed }) => speed),
        steps.map(({ kg }) => kg),
      );
      for (const list of [travel.ms, travel.xM, travel.kg])
        expect([...list].sort((a, b) => a - b)).toEqual(list);
      const total = last(travel.kg);
      for (const share of [0.1, 0.5, 0.9]) {
        const at = placeOfMass(travel, share * total);
        if (travel.xM.some((x, i) => i > 0 && x === travel.xM[i - 1])) continue;
        expect(massAt(travel, at)).toBeCloseTo(share * total, 5);
      }
    }),
  );
});
