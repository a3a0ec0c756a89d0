import { freshTest, usualRules, WindowTest } from '#flows/ore/scan-test';
import type { OreJudge, WindowFeatures } from '../judge.ts';
import { type Figure, shareFigure } from './figures.ts';
import { lotT, windowT } from './plan.ts';
import { shareOf } from './share.ts';

/** Clean windows of one lot, and of which brand it is. */
export interface BrandLot {
  readonly brand: string;
  readonly windows: readonly WindowFeatures[];
}

/** As a fleet's lots are tested: half of the false alarms are the brand's. */
const usualTest = { rules: usualRules, windows: lotT / windowT, falseAlarm: 0.0005, detection: 0.3 };

/** Lots declared as each other brand in turn, told by the tests of a lot within its first windows. */
export function misdeclaredFigures(judge: OreJudge, lots: readonly BrandLot[]): Figure[] {
  const test = new WindowTest(usualTest);
  const names = judge.tables.brands.map(({ name }) => name);
  const pairs = lots.flatMap(({ brand, windows }) =>
    names
      .filter((declared) => declared !== brand)
      .map((declared) => {
        const state = freshTest();
        const told = judge
          .brand(declared, windows)
          .windows.some(({ window, p }) => test.step(state, window, p) !== undefined);
        return { pair: `${brand} as ${declared}`, told };
      }),
  );
  const missed = [...new Set(pairs.filter(({ told }) => !told).map(({ pair }) => pair))];
  const share = shareOf(pairs.filter(({ told }) => told).length, pairs.length);
  const note = missed.length === 0 ? 'every pair of brands' : `missed: ${missed.slice(0, 8).join(', ')}`;
  return [shareFigure('lots of another brand than declared told within 120 t', share, undefined, note)];
}
