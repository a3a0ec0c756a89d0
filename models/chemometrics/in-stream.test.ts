import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SpectrumMessage } from '#flows/spectral-calibration';
import { lotSamples } from '../ore/fleet/samples.ts';
import { openOreWorld } from '../physics/ore/berth.ts';
import { Random } from '../physics/xray/random.ts';
import { loadCalibration, writeCalibrationBundle } from './bundle.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import type { StoredCalibration } from './calibration-file.ts';
import { StreamCalibration } from './in-stream.ts';
import { commonShare, errorsOfLot } from './interval.ts';
import { matrix, rowOf } from './matrix.ts';
import { Predictor } from './predictor.ts';
import { transferCalibration } from './transfer.ts';

const world = openOreWorld();
const { axis } = world.nir;
const brand = world.materials.brands.find(({ name }) => name === 'PB fines');
if (!brand) throw new Error('no brand');
/** Samples before one spectrometer as a matrix, with the laboratory's iron and their lots. */
function samplesOf(berth: number, seed: number, lots: number) {
  const found = lotSamples(world, { brand: brand as NonNullable<typeof brand>, berth, seed }, lots, 3);
  const spectra = matrix(found.length, axis.length);
  for (const [row, { reflectance }] of found.entries()) rowOf(spectra, row).set(reflectance);
  return {
    spectra,
    iron: Float64Array.from(found, ({ said }) => said.Fe),
    lots: found.map(({ lot }) => lot),
  };
}
const { spectra, iron, lots } = samplesOf(1, 3, 20);
const step = (axis[1] as number) - (axis[0] as number);
const regular = { unit: 'nm', start: axis[0] as number, step };
const message = (values: ArrayLike<number>, more: Partial<SpectrumMessage> = {}): SpectrumMessage => ({
  kind: 'spectrum',
  quality: 'good',
  attributes: {},
  technique: 'nir',
  axis: regular,
  values: Array.from(values),
  ...more,
});

async function opened(calibration: StoredCalibration): Promise<StreamCalibration> {
  const folder = join(mkdtempSync(join(tmpdir(), 'qw-in-stream-')), 'fe');
  const description = {
    ...{ id: 'pls-fe', title: 'Fe', summary: 'Fe.', unit: '%' },
    instrument: { technique: 'nir' as const, axisUnit: 'nm' },
    training: { data: 'simulated', provenance: 'simulated', code: 'here' },
    ...{ metrics: [], limits: { statements: [] } },
  };
  const example = new Float64Array(calibration.transfer?.axis.length ?? axis.length).fill(0.3);
  await writeCalibrationBundle(folder, calibration, description, () => '# Fe\n', [example]);
  return StreamCalibration.of((await loadCalibration(folder)).bundle);
}
let made: Calibration;
let stream: StreamCalibration;
beforeAll(async () => {
  const candidates = [{ absorbance: true, snv: true, savitzkyGolay: { window: 9, order: 2, derivative: 1 } }];
  made = calibrate('Fe', axis, spectra, iron, { samples: lots, candidates });
  stream = await opened(made);
});
const code = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a calibration in a stream', () => {
  test('predicts as `calibrate predict` does, bit by bit, with what its bundle says of it', () => {
    const predictor = new Predictor(made);
    for (let row = 0; row < spectra.rows; row++)
      expect(stream.predict(message(rowOf(spectra, row)))).toMatchObject(
        predictor.predict(rowOf(spectra, row)),
      );
    expect(stream).toMatchObject({
      id: 'pls-fe',
      version: '1.0.0',
      target: 'Fe',
      unit: '%',
      technique: 'nir',
    });
  });

  test('takes a finer, a shifted and a listed axis that covers its own to its own', () => {
    const fine = Float64Array.from(
      { length: 2 * axis.length + 9 },
      (_, i) => regular.start - 17 + (i * step) / 2,
    );
    const smooth = (nm: number) =>
      0.3 + 0.1 * Math.sin(nm / 300) - 0.05 * Math.exp(-(((nm - 900) / 80) ** 2));
    const { value: direct } = stream.predict(message(axis.map(smooth)));
    for (const listed of [fine, fine.map((nm) => nm + 0.002 * (nm - 1400))]) {
      const { value } = stream.predict(
        message(listed.map(smooth), { axis: { unit: 'nm', values: [...listed] } }),
      );
      expect(Math.abs(value - direct)).toBeLessThan(0.15);
    }
  });

  test.each([
    ['calibration.axis', { axis: { ...regular, start: regular.start + 40 } }],
    ['calibration.axis', { values: new Array(150).fill(0.3).map((v, i) => v + i / 1000) }],
    ['calibration.coarse', { axis: { ...regular, step: 3 * step } }],
    ['spectrum.axis', { axis: { ...regular, step: -step } }],
    ['spectrum.axis', { axis: { unit: 'nm', values: [1, 2, 3] } }],
    ['spectrum.flat', { values: new Array(205).fill(0.3) }],
    ['spectrum.technique', { technique: 'xrf' as const }],
    ['spectrum.technique', { axis: { ...regular, unit: 'cm-1' } }],
  ])('refuses with %s: %o', (wanted, more) => {
    expect(code(() => stream.predict(message(rowOf(spectra, 0), more)))).toBe(wanted);
    expect(code(() => stream.predict(message(rowOf(spectra, 0))))).toBe('none');
  });

  test('calls flat what has only noise in it, and outside what it has never seen', () => {
    const random = new Random(4);
    const noise = Float64Array.from(axis, () => 0.3 + 0.001 * random.normal());
    expect(code(() => stream.predict(message(noise)))).toBe('spectrum.flat');
    const odd = rowOf(spectra, 0).map((value, i) => value + 0.05 * Math.exp(-(((i - 100) / 6) ** 2)));
    expect(stream.predict(message(odd)).outside).toContain('q');
    const other = world.materials.brands.find(({ name }) => name !== 'PB fines');
    const [strange] = lotSamples(world, { brand: other ?? brand, berth: 1, seed: 3 }, 1, 1);
    expect(stream.predict(message(strange?.reflectance ?? [])).outside).not.toEqual([]);
  });

  test('transferred to another instrument, it takes that one, resampled and standardised in one', async () => {
    const [here, there] = [samplesOf(1, 5, 4), samplesOf(2, 5, 4)];
    const none = { lines: [], problems: new Map() };
    const { calibration } = transferCalibration(made, here.spectra, {
      axis,
      spectra: there.spectra,
      ...none,
    });
    const other = await opened(calibration);
    const predictor = new Predictor(calibration);
    const seen = rowOf(there.spectra, 0);
    expect(other.predict(message(seen))).toMatchObject(predictor.predict(seen));
    // Every other of its points less, it is resampled first and then standardised.
    const half = (all: ArrayLike<number>) => Array.from(all).filter((_, i) => i % 2 === 0);
    const coarse = other.predict(message(half(seen), { axis: { ...regular, step: 2 * step } }));
    expect(Math.abs(coarse.value - other.predict(message(seen)).value)).toBeLessThan(0.5);
    // That instrument's own step in every spectrum is no sign that a spectrum is strange; another ore's is.
    const fresh = samplesOf(2, 6, 20).spectra;
    const inside = Array.from({ length: fresh.rows }, (_, i) =>
      other.predict(message(rowOf(fresh, i))),
    ).filter(({ outside }) => outside.length === 0);
    expect(inside.length / fresh.rows).toBeGreaterThan(0.8);
    const odd = seen.map((value, i) => value + 0.08 * Math.exp(-(((i - 100) / 6) ** 2)));
    expect(other.predict(message(odd)).outside).toContain('q');
    const { sigma, bias } = other.predict(message(seen));
    const before = stream.predict(message(seen));
    expect(bias).toBeGreaterThan(before.bias);
    expect(sigma).toBeCloseTo(before.sigma, 6);
  });
});

describe('errors of a lot', () => {
  test('make up the 95 % interval together', () => {
    const { lower, upper, t2 } = stream.predict(message(rowOf(spectra, 5)));
    const { sigma, bias } = errorsOfLot(made.uncertainty)(t2);
    expect(1.959963984540054 * Math.hypot(sigma, bias)).toBeCloseTo((upper - lower) / 2, 9);
    expect(sigma).toBeGreaterThan(0);
  });

  test('are all in common where nobody knows which rows are of one lot', () => {
    const { commonShare: _, ...uncertainty } = made.uncertainty;
    expect(errorsOfLot(uncertainty)(2).sigma).toBe(0);
  });

  test('are parted by lots: near what they were drawn with, and rather too much in common than too little', () => {
    const random = new Random(9);
    let careful = 0;
    for (let trial = 0; trial < 40; trial++) {
      const groups = Array.from({ length: 120 }, (_, i) => `L-${i % 30}`);
      const lotErrors = Array.from({ length: 30 }, () => random.normal());
      const errors = Float64Array.from(groups, (_, i) => (lotErrors[i % 30] as number) + random.normal());
      const share = commonShare(errors, groups) as number;
      expect(share).toBeGreaterThan(0.25);
      expect(share).toBeLessThan(0.8);
      careful += share > 0.5 ? 1 : 0;
    }
    expect(careful).toBeGreaterThan(24);
    expect(commonShare(new Float64Array(9), undefined)).toBeUndefined();
  });
});
