import { describe, expect, test } from 'vitest';
import type { FindingMessage } from '#flows/inference';
import type { Message, MessageOf } from '#flows/message';
import { assessment } from '#flows/ore/assessment';
import type { SpectralCalibration } from '#flows/spectral-calibration';
import { moment } from '#test/support/ore';
import { plainCalibration } from '#test/support/plain-calibration';
import { configOf, runStage } from '#test/support/stage-harness';
import { calibration } from './calibration.ts';

const declared = { lot: 'L', shipper: 'S', brand: 'PB fines', mine: 'A', port: 'P' };
const spectrum = (values: number[], window = 0, more: object = {}): MessageOf<'spectrum'> => ({
  kind: 'spectrum',
  device: 'nir-1',
  time: moment(window),
  quality: 'good',
  technique: 'nir',
  axis: { unit: 'nm', start: 1000, step: 1000 },
  values,
  attributes: {
    declared,
    belt: { lot: 'L', positionM: 1, massT: 1, increment: Math.floor(window / 4), window, loadKgPerM: 9 },
  },
  ...more,
});
/** What the brand stage says of an increment of four windows. */
function concluded(increment: number, more: object = {}): FindingMessage {
  const windows = { from: 4 * increment, to: 4 * increment + 4 };
  const closed = {
    ...{ lot: 'L', increment, massKg: 20_000, fromT: 0, fromM: 0, toM: 9, from: moment(0), to: moment(9) },
    ...{ windows, windowT: 5, last: false, stoodSeconds: 0, declared: { ...declared, ...more } },
  };
  const value = (name: string) => ({ name, unit: '%' as const, value: 50, sigma: 1, bias: 1 });
  const answer = { values: [value('Fe'), value('SiO2')], windows: [], findings: [], reasons: [] };
  const by = { id: 'ore-brand', version: '0.3.0', signed: false, simulated: true };
  return assessment('brand', by, closed, answer, false);
}

function run(config: object, known: readonly SpectralCalibration[] = [plainCalibration()]) {
  const calibrations = { calibration: (id: string) => known.find((one) => one.id === id) };
  return runStage(
    calibration,
    { calibrations: [{ bundle: 'pls-fe', ...config }] },
    { resources: { calibrations } },
  );
}
const errors = (of: ReturnType<typeof run>) =>
  of.outputs.flatMap((output) => ('error' in output ? [output.error] : []));
const evidence = (message: Message | undefined) =>
  (message as FindingMessage).evidence as { values: object[]; reasons: string[] };

describe('readings', () => {
  test('have value, unit, interval, T2 and Q with their limits, and the version of the bundle', () => {
    const stage = run({});
    stage.push(spectrum([61.5, 0.1]));
    expect(stage.port('out')).toMatchObject([
      {
        ...{ kind: 'reading', device: 'nir-1', name: 'Fe', value: 61.5, unit: '%', quality: 'good' },
        attributes: {
          belt: { lot: 'L', window: 0 },
          calibration: { id: 'pls-fe', version: '1.0.0', signed: true },
          ...{ lower: 60.5, upper: 62.5, confidence: 0.95, t2: 1, t2Limit: 10, q: 0.1, qLimit: 0.5 },
        },
      },
    ]);
  });

  test('are suspect, with the reason, where the spectrum is outside of the calibration', () => {
    const stage = run({});
    stage.push(spectrum([61.5, 0.9]));
    expect(stage.port('out')).toMatchObject([
      { quality: 'suspect', attributes: { outside: ['q'], reason: expect.stringMatching(/^Q is above/) } },
    ]);
  });

  test('are not there, and a problem is, for a flat spectrum and for a bundle that is not there', () => {
    const flat = run({});
    flat.push(spectrum([0, 0]));
    expect([flat.port('out'), errors(flat)]).toEqual([[], ['spectrum.flat']]);
    const absent = run({}, []);
    absent.push(spectrum([61, 0]));
    expect([absent.port('out'), errors(absent)]).toEqual([[], ['model.missing']]);
  });

  test.each([
    ['another instrument', { devices: ['nir-2'] }, {}],
    ['another brand', { brands: ['Yandi'] }, {}],
    ['another mine', { mines: ['B'] }, {}],
    ['another technique', {}, { technique: 'xrf' }],
    ['an empty belt', {}, { attributes: { declared, empty: true } }],
  ])('are not made of %s', (_, config, more) => {
    const stage = run(config);
    stage.push(spectrum([61, 0], 0, more));
    expect(stage.outputs).toEqual([]);
  });

  test('are made away from a belt too', () => {
    const stage = run({});
    stage.push(spectrum([61, 0], 0, { attributes: {} }));
    expect(stage.port('out')).toHaveLength(1);
    expect(stage.state.size).toBe(0);
  });
});

describe('increments', () => {
  test('have the value of the calibration in place of the built-in one, and leave no state', () => {
    const stage = run({ mines: ['A'] });
    for (const window of [0, 1, 2, 3]) stage.push(spectrum([60 + window, 0], window));
    stage.push(concluded(0));
    const [finding] = stage.port('findings');
    expect(evidence(finding).values).toMatchObject([
      {
        name: 'Fe',
        value: 61.5,
        sigma: 0.4,
        bias: 0.3,
        by: { id: 'pls-fe', version: '1.0.0', signed: true },
      },
      { name: 'SiO2', value: 50 },
    ]);
    expect(finding).toMatchObject({ model: 'ore-brand', modelVersion: '0.3.0' });
    expect(stage.state.size).toBe(0);
  });

  test('have it beside the built-in one where the flow says so', () => {
    const stage = run({ use: 'beside' });
    for (const window of [0, 1, 2, 3]) stage.push(spectrum([61, 0], window));
    stage.push(concluded(0));
    expect(evidence(stage.port('findings')[0]).values).toMatchObject([
      { name: 'Fe', value: 50 },
      { name: 'SiO2' },
      { name: 'Fe (pls-fe)', value: 61 },
    ]);
  });

  test('keep the built-in value where it abstains, and say why', () => {
    const stage = run({});
    for (const window of [0, 1, 2, 3]) stage.push(spectrum([61, window === 0 ? 0 : 9], window));
    stage.push(concluded(0));
    const { values, reasons } = evidence(stage.port('findings')[0]);
    expect(values).toMatchObject([{ name: 'Fe', value: 50 }, { name: 'SiO2' }]);
    expect(reasons).toEqual([
      expect.stringMatching(/^pls-fe 1.0.0 abstains: it saw 1 of 4 windows. Q is above/),
    ]);
  });

  test.each(['t2', 'range'] as const)('do not count spectra beyond %s', (limit) => {
    const beyond = plainCalibration();
    const stage = run({}, [{ ...beyond, predict: (one) => ({ ...beyond.predict(one), outside: [limit] }) }]);
    for (const window of [0, 1, 2, 3]) stage.push(spectrum([61, 0], window));
    stage.push(concluded(0));
    expect(evidence(stage.port('findings')[0]).values).toMatchObject([{ name: 'Fe', value: 50 }, {}]);
  });

  test('do not count what an instrument that is out has seen', () => {
    const stage = run({});
    for (const window of [0, 1, 2, 3]) stage.push(spectrum([61, 0], window, { quality: 'bad' }));
    stage.push(concluded(0));
    expect(evidence(stage.port('findings')[0]).values).toMatchObject([{ value: 50 }, {}]);
    expect(stage.port('out')).toMatchObject([{ quality: 'bad' }, {}, {}, {}]);
  });

  test('of a lot that it is not for go by as they are', () => {
    const stage = run({ mines: ['A'] });
    const finding = concluded(0, { mine: 'B' });
    stage.push(finding);
    expect(stage.port('findings')).toEqual([finding]);
  });

  test('go on after a restart in the middle', () => {
    const whole = run({});
    const first = run({});
    for (const window of [0, 1]) {
      whole.push(spectrum([60 + window, 0], window));
      first.push(spectrum([60 + window, 0], window));
    }
    const calibrations = { calibration: () => plainCalibration() };
    const second = runStage(
      calibration,
      { calibrations: [{ bundle: 'pls-fe' }] },
      { resources: { calibrations }, from: first.checkpoint() },
    );
    for (const stage of [whole, second]) {
      stage.push(spectrum([67, 0], 2));
      stage.push(concluded(0));
    }
    expect(second.port('findings')).toEqual(whole.port('findings'));
  });

  test('that nobody concluded are forgotten, with the next that is or after a day', () => {
    const stage = run({});
    for (const window of [0, 4]) stage.push(spectrum([60, 0], window));
    stage.push(concluded(1));
    expect(stage.state.size).toBe(0);
    stage.push(spectrum([60, 0], 8));
    stage.advance(Date.parse(moment(9)) + 86_400_000);
    expect(stage.state.size).toBe(0);
  });
});

test('a bundle that is named twice is refused', () => {
  const twice = { calibrations: [{ bundle: 'pls-fe' }, { bundle: 'pls-fe', use: 'beside' }] };
  expect(() => configOf(calibration, twice)).toThrow('calibrations[1].bundle: pls-fe is named twice');
});
