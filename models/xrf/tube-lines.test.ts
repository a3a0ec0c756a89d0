import { expect, test } from 'vitest';
import type { Response } from './response.ts';
import { tubeLines } from './tube-lines.ts';

const response: Response = {
  offsetKeV: 0,
  gainKeV: 0.02,
  quadraticKeV: 0,
  noiseKeV: 0.09,
  fano: 0.115,
  tailShare: 0.01,
  tailSigmas: 2.5,
  escapeScale: 1,
};
const named = (peaks: readonly number[]) => tubeLines(peaks, response).map(({ line }) => line);

test.each([
  ['rhodium', [19.25, 20.2, 22.75], ['Rh Ka Compton', 'Rh Ka', 'Rh Kb']],
  ['silver', [21.0, 22.1, 24.95], ['Ag Ka Compton', 'Ag Ka', 'Ag Kb']],
  ['molybdenum', [17.44, 19.63], ['Mo Ka', 'Mo Kb']],
  ['tungsten', [8.39, 9.7], ['W La', 'W Lb']],
  ['gold', [9.7, 11.45], ['Au La', 'Au Lb']],
])('peaks of a tube of %s are told as its lines', (_, peaks, lines) => {
  expect(named(peaks)).toEqual(lines);
});

test('a peak at a side line alone, or at nothing, is no tube’s', () => {
  expect(named([22.75, 19.25])).toEqual([]);
  expect(named([5.0, 13.3, 30])).toEqual([]);
  expect(tubeLines([20.2, 5.0], response)).toEqual([{ energyKeV: 20.2, line: 'Rh Ka' }]);
});
