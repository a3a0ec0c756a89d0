import { describe, expect, test } from 'vitest';
import type { Message, MessageOf } from '#flows/message';
import { moment } from '#test/support/ore';
import { Random } from '#test/support/random';
import { runStage } from '#test/support/stage-harness';
import { standardBandsNm } from '../ore/instrument-features.ts';
import { instrument } from './instrument.ts';

const config = {
  instruments: [
    {
      device: 'nir',
      maxReferenceAgeSeconds: 600,
      checks: [
        { check: 'white.level', mean: 1, sigma: 0.01 },
        { check: 'white.tilt', mean: 1, sigma: 0.01 },
        { check: 'wavelength.shift', mean: 0, sigma: 0.2 },
        { check: 'sample.variation', least: 0.003 },
      ],
    },
    {
      device: 'xrf',
      checks: [
        { check: 'xrf.energy', mean: 6.404, sigma: 0.004 },
        { check: 'counts.rate', least: 1000 },
      ],
    },
    { device: 'gamma', checks: [{ check: 'gamma.potassium', mean: 1459.5, sigma: 18, outSigmas: 3 }] },
  ],
};
const nm = Array.from({ length: 300 }, (_, i) => 1000 + 5 * i);
const random = new Random(5);

function nir(
  second: number,
  reflectance: (nm: number, i: number) => number,
  reference?: string,
): MessageOf<'spectrum'> {
  return {
    kind: 'spectrum',
    technique: 'nir',
    device: 'nir',
    time: moment(second),
    quality: 'good',
    axis: { unit: 'nm', start: 1000, step: 5 },
    values: nm.map(reflectance),
    attributes: {
      belt: { lot: 'L', positionM: second * 2, massT: second, increment: 0, window: 0, loadKgPerM: 400 },
      ...(reference === undefined ? {} : { reference }),
    },
  };
}
const ore = (second: number) => {
  const level = 0.2 * (1 + 0.05 * random.normal());
  return nir(second, (x) => level * (1 + (x - 1750) / 5000));
};
const white = (second: number, level: number, tilt = 0) =>
  nir(second, (_, i) => level * (1 + tilt * (i / nm.length - 0.5)) + 0.002 * random.normal(), 'white');

function xrf(second: number, keV: number, counts = 20_000): Message {
  const values = Array.from({ length: 1000 }, (_, i) => {
    const energy = i * 0.02;
    return 5 + counts * Math.exp(-((energy - keV) ** 2) / (2 * 0.06 ** 2));
  });
  return {
    kind: 'spectrum',
    technique: 'xrf',
    device: 'xrf',
    time: moment(second),
    quality: 'good',
    axis: { unit: 'keV', start: 0, step: 0.02 },
    values,
    liveTimeS: 1,
    attributes: {},
  };
}

/** A scintillator's second: a falling ground, and the line of potassium where the gain puts it. */
function gamma(second: number, gain: number): Message {
  const values = Array.from({ length: 300 }, (_, i) => {
    const energy = 10 * i + 5;
    const line = 1.3 * Math.exp(-(((energy - 1460.8 * gain) / 45) ** 2));
    return random.poisson(20 * Math.exp(-energy / 350) + line);
  });
  const axis = { unit: 'keV', start: 5, step: 10 };
  const about = { kind: 'spectrum', technique: 'gamma', device: 'gamma', quality: 'good' } as const;
  return { ...about, time: moment(second), axis, values, liveTimeS: 1, attributes: {} };
}

function run(messages: readonly Message[], given: object = config) {
  const stage = runStage(instrument, given);
  for (const message of messages) stage.push(message);
  const eventsOf = (port: string) =>
    stage.port(port).flatMap((message) => (message.kind === 'event' ? [message] : []));
  const health = eventsOf('health');
  return {
    charts: eventsOf('charts'),
    qualities: stage.port('out').map(({ quality }) => quality),
    said: health.map(({ type, data }) => `${type.slice('quaywatch.instrument.'.length)} ${data.check}`),
  };
}
const seconds = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step);

describe('a spectrometer', () => {
  const well = (to: number) => [
    ...seconds(0, to, 10).map((s) => white(s, 1)),
    ...seconds(0, to).map((s) => ore(s + 0.5)),
  ];
  const sorted = (messages: readonly Message[]) =>
    [...messages].sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));

  test('that is well passes all of its ore, and none of its references', () => {
    const { qualities, said } = run(sorted(well(200)));
    expect(qualities).toHaveLength(200);
    expect(qualities.every((quality) => quality === 'good')).toBe(true);
    expect(said.filter((one) => one.startsWith('out'))).toEqual([]);
  });

  test('whose lamp has lost a third is out, and in again when it is new', () => {
    const later = [
      ...seconds(200, 400, 10).map((s) => white(s, 0.66)),
      ...seconds(200, 400).map((s) => ore(s + 0.5)),
    ];
    const mended = [
      ...seconds(400, 800, 10).map((s) => white(s, 1)),
      ...seconds(400, 800).map((s) => ore(s + 0.5)),
    ];
    const { qualities, said } = run(sorted([...well(200), ...later, ...mended]));
    expect(said).toContain('drift white.level');
    expect(said).toContain('out white.level');
    expect(said).toContain('restored white.level');
    expect(said.indexOf('drift white.level')).toBeLessThan(said.indexOf('out white.level'));
    expect(qualities[150]).toBe('good');
    expect(qualities[350]).toBe('bad');
    expect(qualities.at(-1)).toBe('good');
  });

  test('whose lamp grows colder drifts before it is out', () => {
    const slow = seconds(0, 3000, 10).map((s) => white(s, 1, 0.00005 * s));
    expect(run(slow).said[0]).toBe('drift white.tilt');
  });

  test('whose wavelengths have moved by two nanometres is out', () => {
    const standard = (s: number, shift: number) =>
      nir(
        s,
        (x) =>
          0.8 -
          standardBandsNm.reduce((sum, band) => sum + 0.3 * Math.exp(-(((x - band - shift) / 8) ** 2)), 0),
        'wavelength',
      );
    expect(run(seconds(0, 300, 10).map((s) => standard(s, 0))).said).toEqual([]);
    expect(run(seconds(0, 300, 10).map((s) => standard(s, 2))).said).toContain('out wavelength.shift');
  });

  test('behind a blocked window sees the same again and again, which a belt that stands may', () => {
    const blocked = seconds(100, 250).map((s) => nir(s, () => 0.31));
    const { qualities, said } = run([white(0, 1), ...seconds(1, 100).map(ore), ...blocked]);
    expect(said).toEqual(['out sample.variation']);
    expect(qualities.at(-1)).toBe('bad');
    const stands = seconds(100, 250).map((s) => {
      const message = nir(s, () => 0.2);
      return { ...message, attributes: { belt: { ...(message.attributes.belt as object), positionM: 200 } } };
    });
    expect(run([white(0, 1), ...seconds(1, 100).map(ore), ...stands]).said).toEqual([]);
  });

  test('without a white reference for long counts for nothing', () => {
    const { qualities, said } = run(seconds(0, 700).map(ore));
    expect(said).toEqual(['out reference.age']);
    expect(qualities[500]).toBe('good');
    expect(qualities[650]).toBe('bad');
  });
});

test('a fluorescence spectrometer is out when its energies move, or its counts are gone', () => {
  expect(run(seconds(0, 60).map((s) => xrf(s, 6.404))).said).toEqual([]);
  expect(run(seconds(0, 60).map((s) => xrf(s, 6.5))).said).toContain('out xrf.energy');
  expect(run(seconds(0, 60).map((s) => xrf(s, 6.404, 0.01))).said).toContain('out xrf.energy');
});

test('over an empty belt, where no iron shines, nothing is out', () => {
  const bare = seconds(0, 60).map((s): Message => {
    const message = xrf(s, 6.404, 0.01);
    return { ...message, attributes: { empty: true } };
  });
  expect(run(bare)).toMatchObject({ qualities: bare.map(() => 'good'), said: [] });
});

test('what is no instrument of its own passes as it came', () => {
  const other: Message = { ...ore(1), device: 'other' };
  expect(run([other]).qualities).toEqual(['good']);
});

test('gamma: the line of potassium stays where it is, or the energies are out', () => {
  const well = seconds(0, 600).map((s) => gamma(s, 1));
  expect(run(well).said.filter((one) => one.startsWith('out'))).toEqual([]);
  const before = run(well).said.length;
  const drifting = seconds(600, 1200).map((s) => gamma(s, 1.03));
  expect(run([...well, ...drifting]).said.length).toBeGreaterThan(before);
  const low = seconds(0, 60).map((s) => gamma(s, 0.97));
  expect(run(low).said[0]).toBe('drift gamma.potassium');
});

describe('control charts', () => {
  const points = (charts: ReturnType<typeof run>['charts'], check: string) =>
    charts.filter(({ type, data }) => type === 'quaywatch.instrument.check' && data.check === check);

  test('are told a stretch at a time, with all values in one stretch or another', () => {
    const { charts } = run(seconds(0, 3000, 10).map((s) => white(s, 1)));
    const told = points(charts, 'white.level').map(({ data }) => data);
    // the first value at once, then one stretch in ten minutes
    expect(told.map(({ count }) => count)).toEqual([1, 61, 61, 61, 61]);
    expect(told.at(-1)).toMatchObject({
      state: 'in',
      mean: 1,
      sigma: 0.01,
      outLimit: 0.08,
      cusumLimit: 4.77,
    });
    for (const { value, least, most } of told as Record<string, number>[]) {
      expect(least).toBeLessThanOrEqual(value ?? Number.NaN);
      expect(most).toBeGreaterThanOrEqual(value ?? Number.NaN);
      expect(value).toBeCloseTo(1, 2);
    }
    // the newest 55 wait for their stretch to end
    expect(seconds(0, 3000, 10).length - told.reduce((sum, { count }) => sum + Number(count), 0)).toBe(55);
  });

  test('speak at once when their state changes, and show the CUSUM that spoke', () => {
    const { charts } = run([
      ...seconds(0, 300, 10).map((s) => white(s, 1)),
      ...seconds(300, 600, 10).map((s) => white(s, 0.6)),
    ]);
    const told = points(charts, 'white.level');
    expect(told.map(({ data }) => data.state)).toEqual(['in', 'drift', 'out']);
    expect(told[1]).toMatchObject({ time: moment(300).replace('.000Z', 'Z') });
    expect(Number(told[1]?.data.cusumLow)).toBeGreaterThan(4.77);
  });

  test('begin anew when somebody worked at the instrument, and an instrument that is out stays so until its values are right', () => {
    const work: Message = {
      kind: 'declaration',
      id: 'W-1',
      time: moment(605),
      quality: 'good',
      goods: [],
      attributes: { instrument: { device: 'nir', what: 'lamp replaced', by: 'Li' } },
    };
    const other: Message = { ...work, attributes: { instrument: { device: 'nobody' } } };
    const bad = seconds(0, 600, 10).map((s) => white(s, 0.6));
    const { charts, qualities, said } = run([...bad, other, work, ore(606)]);
    expect(charts.filter(({ type }) => type === 'quaywatch.instrument.recalibrated')).toMatchObject([
      { data: { device: 'nir', what: 'lamp replaced', by: 'Li' } },
    ]);
    // a declaration about no instrument of this stage passes
    expect(qualities).toEqual(['good', 'bad']);
    const healed = run([...bad, work, ...seconds(610, 700, 10).map((s) => white(s, 1))]);
    expect(healed.said.filter((one) => one.startsWith('restored'))).toEqual(['restored white.level']);
    expect(said.filter((one) => one.startsWith('restored'))).toEqual([]);
    // not one alarm of the old chart after the work
    expect(healed.said.at(-1)).toBe('restored white.level');
  });

  test('about another centre line begin anew: what a release changed is no drift', () => {
    const stage = runStage(instrument, config);
    for (const s of seconds(0, 300, 10)) stage.push(white(s, 1));
    const moved = structuredClone(config);
    const check = moved.instruments[0]?.checks[0];
    if (check) check.mean = 0.9;
    const next = runStage(instrument, moved, { from: stage.checkpoint() });
    for (const s of seconds(300, 600, 10)) next.push(white(s, 0.9));
    const said = [...next.port('charts'), ...next.port('health')].flatMap((message) =>
      message.kind === 'event' ? [message] : [],
    );
    expect(said.filter(({ type }) => type.endsWith('recalibrated'))).toMatchObject([
      { data: { check: 'white.level', mean: 0.9, fromMean: 1 } },
    ]);
    expect(said.filter(({ type, data }) => type.endsWith('drift') && data.check === 'white.level')).toEqual(
      [],
    );
  });
});
