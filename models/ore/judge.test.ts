import { describe, expect, test } from 'vitest';
import { LotRun, openOreWorld } from '../physics/ore/berth.ts';
import { drawWaste } from '../physics/ore/cargo.ts';
import { Random } from '../physics/xray/random.ts';
import { type Baseline, freshBaseline } from './baseline.ts';
import { misdeclaredFigures } from './fleet/misdeclared.ts';
import { ReadBerth } from './fleet/read-berth.ts';
import type { WindowFeatures } from './judge.ts';
import { openOreJudge } from './open.ts';

const world = openOreWorld();
const judge = openOreJudge();
/** A berth that nothing was trained or calibrated on. */
const at = new ReadBerth(world, 41);

function lot(
  brand: string,
  seed: number,
  share: (window: number) => number,
  waste = 'BOF slag',
  windows = 40,
): WindowFeatures[] {
  const own = world.materials.brands.find(({ name }) => name === brand);
  const heap = world.materials.wastes.find(({ name }) => name === waste);
  if (!own || !heap) throw new Error('no such ore');
  const run = new LotRun(at.berth, own, seed);
  const truth = drawWaste(heap, new Random(seed));
  return Array.from({ length: windows }, (_, window) => {
    const features = at.features(run.window(5, 6, { truth, share: share(window) }));
    if (!features) throw new Error('no features');
    return { window, features };
  });
}
const clean = () => 0;

describe('waste in the ore', () => {
  test('is found where it is, named, and nowhere else', () => {
    const windows = lot('PB fines', 5, (window) => (window >= 20 && window < 22 ? 0.2 : 0));
    const { answer } = judge.slag('PB fines', windows);
    const found = answer.windows.filter(({ p }) => p <= 1e-4).map(({ window }) => window);
    expect(found).toEqual([20, 21]);
    expect(answer.findings.map(({ label }) => label)).toEqual(['BOF slag', 'BOF slag']);
  });
  test('is the same however the lot is cut into increments', () => {
    const windows = lot('Yandi', 6, (window) => (window === 13 ? 0.1 : 0), 'red mud', 24);
    const whole = judge.slag('Yandi', windows).answer.windows;
    for (const size of [1, 4, 7]) {
      let memory: Baseline = freshBaseline;
      const parts: (typeof whole)[number][] = [];
      for (let from = 0; from < windows.length; from += size) {
        // Through the checkpoint and back.
        const kept = JSON.parse(JSON.stringify(memory)) as Baseline;
        const step = judge.slag('Yandi', windows.slice(from, from + size), kept);
        parts.push(...step.answer.windows);
        memory = step.memory;
      }
      expect(parts).toEqual(whole);
    }
  });
  test('that nobody has seen is told apart from clean ore all the same', () => {
    // Barite sand: strontium and barium are nowhere in training; here its strontium and light colour alone.
    const own = world.materials.brands[3];
    if (!own) throw new Error('no brand');
    const run = new LotRun(at.berth, own, 8);
    const truth = {
      massPct: { Sr: 1.2, SiO2: 60, CaO: 1 },
      reflecting: new Map([
        ['quartz', 0.6],
        ['gypsum', 0.4],
      ]),
    };
    const windows = Array.from({ length: 16 }, (_, window) => ({
      window,
      features:
        at.features(run.window(5, 6, { truth, share: window === 12 ? 0.2 : 0 })) ?? new Float64Array(0),
    }));
    const { answer } = judge.slag(own.name, windows);
    expect(answer.windows.filter(({ p }) => p <= 0.001).map(({ window }) => window)).toEqual([12]);
  });
  test('cannot be looked for in a brand that is not known, and the answer says so', () => {
    const { answer } = judge.slag('Moon dust', lot('PB fines', 5, clean, 'BOF slag', 2));
    expect(answer.windows).toEqual([]);
    expect(answer.reasons[0]).toContain('Moon dust');
  });
});

describe('brand', () => {
  test('and composition are right of clean ore, within their intervals', () => {
    const windows = lot('IOCJ Carajas', 9, clean, 'BOF slag', 8);
    const { values, findings, windows: judged } = judge.brand('IOCJ Carajas', windows);
    expect(findings[0]).toMatchObject({ label: 'IOCJ Carajas' });
    expect(findings[0]?.score).toBeGreaterThan(0.9);
    const iron = values.find(({ name }) => name === 'Fe');
    expect(Math.abs((iron?.value ?? 0) - 65)).toBeLessThan(1);
    expect(Math.min(...judged.map(({ p }) => p))).toBeGreaterThan(0.001);
  });
  test('that is not the declared one is seen in every window', () => {
    const { windows, findings } = judge.brand('PB fines', lot('India 57', 10, clean, 'BOF slag', 8));
    // Far below every level of a lot's tests: a tail that cannot show that never alarms.
    expect(Math.max(...windows.map(({ p }) => p))).toBeLessThan(1e-7);
    expect(findings[0]?.label).toBe('India 57');
  });
  test('that is declared as any other is told by the tests of a lot', () => {
    const [told] = misdeclaredFigures(judge, [
      { brand: 'India 57', windows: lot('India 57', 10, clean, 'BOF slag', 8) },
    ]);
    expect([told?.value, told?.count, told?.note]).toEqual([1, 16, 'every pair of brands']);
    const own = misdeclaredFigures(judge, [
      { brand: 'India 57', windows: lot('PB fines', 10, clean, 'BOF slag', 8) },
    ]);
    expect(own[0]?.note).toBe('missed: India 57 as PB fines');
  });
  test('without a window has no values and says why', () => {
    expect(judge.brand('PB fines', []).reasons).toHaveLength(1);
  });
});

test.each(['mill scale', 'EAF slag', 'sinter return', 'EAF dust', 'copper slag', 'red mud'])(
  'impurity: 20 %% of %s is called so, clean ore clean',
  (waste) => {
    const windows = lot('Newman HG fines', 11, (window) => (window >= 4 ? 0.2 : 0), waste, 8);
    expect(judge.classify('Newman HG fines', windows.slice(0, 4)).findings[0]?.label).toBe('clean');
    expect(judge.classify('Newman HG fines', windows.slice(4)).findings[0]?.label).toBe(waste);
  },
);
