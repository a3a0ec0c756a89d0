import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Random } from '#models/physics/xray/random';
import { loadCalibration, writeCalibrationBundle } from './bundle.ts';
import { calibrate } from './calibrate.ts';
import { readCalibration, writeCalibration } from './calibration-file.ts';
import { type Matrix, matrix, rowOf } from './matrix.ts';
import { Predictor } from './predictor.ts';
import { interpolation, standardise } from './standardise.ts';
import { transferCalibration } from './transfer.ts';

const points = 120;
const axis = Float64Array.from({ length: points }, (_, i) => 1100 + 10 * i);
const bands = [
  [1450, 60, 1],
  [1720, 45, 0.6],
  [1940, 70, 1.2],
  [2210, 35, 0.8],
] as const;
/** Mixtures of four substances that sum to 100; the spectrum is linear in them. */
function mixtures(count: number, seed: number, { spectrum, value }: { spectrum: number; value: number }) {
  const random = new Random(seed);
  const spectra = matrix(count, points);
  const truth = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const parts = bands.map(() => random.next());
    const total = parts.reduce((sum, part) => sum + part, 0);
    truth[row] = (100 * (parts[1] ?? 0)) / total;
    for (let i = 0; i < points; i++) {
      const pure = bands.reduce(
        (sum, [at, width, height], k) =>
          sum + ((parts[k] ?? 0) / total) * height * Math.exp(-((((axis[i] ?? 0) - at) / width) ** 2)),
        0.2,
      );
      spectra.data[row * points + i] = pure + spectrum * random.normal();
    }
  }
  return { spectra, truth, values: truth.map((one) => one + value * random.normal()) };
}
const rms = (a: Float64Array, b: Float64Array) =>
  Math.sqrt(a.reduce((sum, one, i) => sum + (one - (b[i] ?? 0)) ** 2, 0) / a.length);
const predicted = (predictor: Predictor, spectra: Matrix) =>
  Array.from({ length: spectra.rows }, (_, i) => predictor.predict(rowOf(spectra, i)));

/** Another instrument: a shift of the axis, a gain, an offset. */
function elsewhere(spectra: Matrix, seed: number): Matrix {
  const random = new Random(seed);
  const moved = matrix(spectra.rows, points);
  const how = interpolation(
    axis,
    axis.map((place) => place + 6),
    0.92,
    0.06,
  );
  for (let i = 0; i < spectra.rows; i++) standardise(how, rowOf(spectra, i), rowOf(moved, i));
  return { ...moved, data: moved.data.map((value) => value + 0.001 * random.normal()) };
}
const table = (spectra: Matrix) => ({ axis, spectra, lines: [], problems: new Map() });

describe('a calibration', () => {
  test('errs by little more than the noise of its reference values, with as many components as there are degrees of freedom', () => {
    const { spectra, values } = mixtures(90, 1, { spectrum: 0.0005, value: 0.5 });
    const made = calibrate('b', axis, spectra, values);
    expect(made.model.components).toBe(3);
    expect(made.rmsecv).toBeGreaterThan(0.4);
    expect(made.rmsecv).toBeLessThan(0.6);
    expect(made.model.preprocessing).toMatchObject({ absorbance: false, snv: false });
  });

  test.each([
    { spectrum: 0.0005, value: 0.5 },
    { spectrum: 0.004, value: 0 },
    { spectrum: 0.003, value: 0.4 },
  ])('has intervals that hold 93 to 97 of 100 new values, with noise %o', { timeout: 90_000 }, (noise) => {
    let [inside, all] = [0, 0];
    for (let seed = 0; seed < 6; seed++) {
      const { spectra, values } = mixtures(80, 100 + seed, noise);
      const candidates = [{ absorbance: false, snv: false }];
      const predictor = new Predictor(calibrate('b', axis, spectra, values, { candidates }));
      const fresh = mixtures(400, 200 + seed, noise);
      for (const [i, { lower, upper }] of predicted(predictor, fresh.spectra).entries()) {
        const value = fresh.values[i] ?? 0;
        all += 1;
        if (lower <= value && value <= upper) inside += 1;
      }
    }
    expect(inside / all).toBeGreaterThan(0.93);
    expect(inside / all).toBeLessThan(0.97);
  });

  test('takes SNV when spectra are scattered', () => {
    const { spectra, values } = mixtures(80, 3, { spectrum: 0.0005, value: 0.2 });
    const random = new Random(5);
    for (let row = 0; row < spectra.rows; row++) {
      const [gain, offset] = [random.between(0.6, 1.6), random.between(-0.1, 0.2)];
      const own = rowOf(spectra, row);
      for (const [i, value] of own.entries()) own[i] = gain * value + offset;
    }
    expect(calibrate('b', axis, spectra, values).model.preprocessing.snv).toBe(true);
  });

  test('names a sample whose reference value cannot be right', () => {
    const { spectra, values } = mixtures(60, 4, { spectrum: 0.0005, value: 0.2 });
    values[17] = (values[17] ?? 0) + 15;
    expect(calibrate('b', axis, spectra, values).suspects.map(({ row }) => row)).toEqual([17]);
  });

  test.each([
    ['calibration.few', 5, undefined],
    ['calibration.components', 20, 17],
  ])('is refused with %s for %i samples', (code, samples, components) => {
    const { spectra, values } = mixtures(samples, 6, { spectrum: 0.001, value: 0.1 });
    expect(() => calibrate('b', axis, spectra, values, { components })).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) }),
    );
  });

  test('is the same after its file, and refused when its parts do not fit', () => {
    const { spectra, values } = mixtures(40, 7, { spectrum: 0.001, value: 0.1 });
    const made = calibrate('b', axis, spectra, values);
    const text = writeCalibration(made);
    const again = predicted(new Predictor(readCalibration(text, 'model.json')), spectra);
    expect(again).toEqual(predicted(new Predictor(made), spectra));
    const spoiled = JSON.stringify({ ...JSON.parse(text), yLoadings: [1] });
    expect(() => readCalibration(spoiled, 'model.json')).toThrow(/yLoadings has 1 numbers/);
  });
});

/** Rows of lots that are far more alike than lots are: the same substances, and a background that each lot has of its own. */
function lotsOf(lots: number, each: number, seed: number) {
  const random = new Random(seed);
  const spectra = matrix(lots * each, points);
  const values = new Float64Array(lots * each);
  const names: string[] = [];
  for (let lot = 0; lot < lots; lot++) {
    const own = Array.from({ length: 5 }, () => random.normal());
    for (let k = 0; k < each; k++) {
      const row = lot * each + k;
      const parts = own.map((part) => part + 0.15 * random.normal());
      names.push(`${lot}`);
      values[row] = 50 + 3 * (parts[0] ?? 0) + 0.1 * random.normal();
      for (let i = 0; i < points; i++)
        spectra.data[row * points + i] = parts.reduce(
          (sum, part, p) => sum + 0.05 * part * Math.cos(((p + 1) * 3 * i) / points),
          0.5 + 0.003 * random.normal(),
        );
    }
  }
  return { spectra, values, names };
}

test('of lots that a calibration has not seen few spectra are beyond its limits on T2 and Q', () => {
  const shares = [1, 2, 3, 4].map((seed) => {
    const { spectra, values, names } = lotsOf(25, 6, seed);
    const made = calibrate('Fe', axis, spectra, values, {
      samples: names,
      components: 5,
      candidates: [{ absorbance: false, snv: false }],
    });
    const fresh = predicted(new Predictor(made), lotsOf(400, 1, 100 + seed).spectra);
    return fresh.filter(({ t2, q }) => t2 > made.t2Limit || q > made.qLimit).length / fresh.length;
  });
  expect(shares.reduce((sum, one) => sum + one, 0) / shares.length).toBeLessThan(0.03);
});

describe('a transfer with eight samples', () => {
  const noise = { spectrum: 0.001, value: 0 };
  const { spectra, values } = mixtures(80, 11, noise);
  const made = calibrate('b', axis, spectra, values, { candidates: [{ absorbance: false, snv: false }] });
  const fresh = mixtures(300, 12, noise);
  const there = elsewhere(fresh.spectra, 13);
  const few = mixtures(8, 14, noise).spectra;
  const error = (predictor: Predictor, of: Matrix) =>
    rms(
      Float64Array.from(predicted(predictor, of), ({ value }) => value),
      fresh.truth,
    );

  test('restores most of the accuracy, and its intervals still hold', { timeout: 90_000 }, () => {
    const { calibration, rmsBefore, rmsAfter } = transferCalibration(made, few, table(elsewhere(few, 15)));
    const own = error(new Predictor(made), fresh.spectra);
    const before = error(new Predictor(made), there);
    const after = error(new Predictor(calibration), there);
    expect(before).toBeGreaterThan(10 * own);
    expect(after).toBeLessThan(2 * own);
    expect(rmsAfter).toBeLessThan(rmsBefore / 5);
    const held = predicted(new Predictor(calibration), there).filter(({ lower, upper }, i) => {
      const value = fresh.truth[i] ?? 0;
      return lower <= value && value <= upper;
    });
    expect(held.length / 300).toBeGreaterThan(0.9);
  });

  test('does nothing where the instruments are the same', () => {
    const { method } = transferCalibration(made, few, table(few));
    expect(method).toBe('none');
  });

  test('takes an instrument with an axis of its own', () => {
    const finer = Float64Array.from({ length: 2 * points - 1 }, (_, i) => 1100 + 5 * i);
    const how = interpolation(axis, finer);
    const moved = matrix(few.rows, finer.length);
    for (let i = 0; i < few.rows; i++) standardise(how, rowOf(few, i), rowOf(moved, i));
    const { calibration } = transferCalibration(made, few, { ...table(moved), axis: finer });
    expect(new Predictor(calibration).points).toBe(finer.length);
    for (const [i, { value }] of predicted(new Predictor(calibration), moved).entries())
      expect(Math.abs(value - new Predictor(made).predict(rowOf(few, i)).value)).toBeLessThan(1);
  });
});

describe("a calibration's bundle", () => {
  const { spectra, values } = mixtures(40, 21, { spectrum: 0.001, value: 0.1 });
  const made = calibrate('b', axis, spectra, values);
  const description = {
    id: 'pls-b',
    title: 'b',
    summary: 'b.',
    unit: '%',
    instrument: { technique: 'nir' as const, axisUnit: 'nm' },
    training: { data: 'drawn', provenance: 'drawn', code: 'here' },
    metrics: [],
    limits: { statements: [] },
  };
  const write = (folder: string) =>
    writeCalibrationBundle(folder, made, description, (version) => `# ${version}\n`, [rowOf(spectra, 0)]);

  test('is read with its hashes and golden predictions checked, and counts its versions', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'qw-calibration-')), 'b');
    expect(await write(folder)).toBe('1.0.0');
    expect(await write(folder)).toBe('1.0.1');
    const { calibration, bundle } = await loadCalibration(folder);
    expect(bundle).toMatchObject({ signed: false, manifest: { version: '1.0.1' } });
    expect(new Predictor(calibration).predict(rowOf(spectra, 3))).toEqual(
      new Predictor(made).predict(rowOf(spectra, 3)),
    );
    writeFileSync(
      join(folder, 'model.json'),
      readFileSync(join(folder, 'model.json'), 'utf8').replace('"samples":40', '"samples":41'),
    );
    await expect(loadCalibration(folder)).rejects.toMatchObject({ problem: { code: 'bundle.hash' } });
  });

  test('never takes the place of something else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'qw-calibration-'));
    writeFileSync(join(folder, 'thesis.txt'), 'years of work');
    await expect(write(folder)).rejects.toMatchObject({ problem: { code: 'calibration.out' } });
  });
});
