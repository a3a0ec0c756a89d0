import { describe, expect, test } from 'vitest';
import type { Measured, OreIncrement, SpectrumMessage } from '#flows/ore/model';
import { Berth, LotRun, openOreWorld } from '../physics/ore/berth.ts';
import { openOreModels } from './models.ts';

const world = openOreWorld();
const berth = new Berth(world, 42);
const models = openOreModels({ frames: undefined });
const declared = { lot: 'L1', shipper: 's', brand: 'PB fines', mine: 'm', port: 'p' };
const increment: OreIncrement = {
  lot: 'L1',
  increment: 0,
  massT: 20,
  windows: { from: 0, to: 4 },
  windowT: 5,
  declared,
};
const stop = { stopped: false, onStop: () => () => {} };

function spectra(windows: number): { window: number; message: SpectrumMessage }[] {
  const brand = world.materials.brands[3];
  if (!brand) throw new Error('no brand');
  const run = new LotRun(berth, brand, 3);
  const about = { kind: 'spectrum', quality: 'good', time: '2026-11-26T00:00:00.000Z', device: 'a' } as const;
  return Array.from({ length: windows }, (_, window) => {
    const { reflectance, counts } = run.window(5, 6);
    const { offsetKeV: start, gainKeV: step } = berth.xrf.response;
    const nir: SpectrumMessage = {
      ...about,
      attributes: {},
      technique: 'nir',
      axis: { unit: 'nm', values: [...world.nir.axis] },
      values: [...reflectance],
    };
    const xrf: SpectrumMessage = {
      ...about,
      attributes: {},
      technique: 'xrf',
      axis: { unit: 'keV', start, step },
      values: [...counts],
    };
    return [nir, xrf].map((message) => ({ window, message }));
  }).flat();
}

async function measuredBy(
  id: string,
  of: readonly { window: number; message: SpectrumMessage }[],
): Promise<Measured[]> {
  const model = models.ore(id);
  return Promise.all(
    of.map(async ({ window, message }) => ({
      place: { lot: 'L1', positionM: window, massT: window * 5, increment: 0, window, loadKgPerM: 200 },
      technique: message.technique,
      device: 'a',
      result: JSON.parse(JSON.stringify(await model?.run(message, declared, stop))) as unknown,
    })),
  );
}

describe('models of ore by id', () => {
  test('are five, simulated and unsigned, and no others', () => {
    for (const id of ['anomaly', 'brand', 'impurity', 'inclusion', 'slag'])
      expect(models.ore(`ore-${id}`)).toMatchObject({ id: `ore-${id}`, simulated: true, signed: false });
    expect(models.ore('ore-gold')).toBeUndefined();
  });

  test('conclude of clean ore by messages: its brand, its composition, no waste', async () => {
    const seen = spectra(4);
    const brand = models
      .ore('ore-brand')
      ?.conclude(increment, await measuredBy('ore-brand', seen), undefined);
    expect(brand?.answer.findings[0]?.label).toBe('PB fines');
    const iron = brand?.answer.values.find(({ name }) => name === 'Fe');
    expect(Math.abs((iron?.value ?? 0) - 61.6)).toBeLessThan(1.5);
    const slag = models.ore('ore-slag')?.conclude(increment, await measuredBy('ore-slag', seen), undefined);
    expect(slag?.answer.windows.map(({ window }) => window)).toEqual([0, 1, 2, 3]);
    expect(Math.min(...(slag?.answer.windows ?? []).map(({ p }) => p))).toBeGreaterThan(0.001);
    const impurity = models
      .ore('ore-impurity')
      ?.conclude(increment, await measuredBy('ore-impurity', seen), undefined);
    expect(impurity?.answer.findings[0]?.label).toBe('clean');
  });

  test('learn a lot anew that another version has learnt', async () => {
    const slag = models.ore('ore-slag');
    const measured = await measuredBy('ore-slag', spectra(4));
    const first = slag?.conclude(increment, measured, undefined);
    const next = { ...increment, increment: 1 };
    const own = slag?.conclude(next, measured, first?.memory);
    const fresh = slag?.conclude(next, measured, undefined);
    expect(own?.answer).not.toEqual(fresh?.answer);
    const other = { ...(first?.memory as object), version: '0.0.1' };
    expect(slag?.conclude(next, measured, other)).toEqual(fresh);
  });

  test('know how long a window was seen for, where the spectra say it', async () => {
    const timed = (liveTimeS: number) =>
      spectra(2).map(({ window, message }) => ({ window, message: { ...message, liveTimeS } }));
    const sigma = async (liveTimeS: number) => {
      const seen = await measuredBy('ore-brand', timed(liveTimeS));
      const said = models.ore('ore-brand')?.conclude(increment, seen, undefined);
      return said?.answer.values.find(({ name }) => name === 'Fe')?.sigma ?? 0;
    };
    expect(await sigma(60)).toBeLessThan(await sigma(3));
  });

  test('leave a window out that one spectrometer did not see', async () => {
    const seen = spectra(4).filter(({ window, message }) => window !== 2 || message.technique === 'nir');
    const slag = models.ore('ore-slag')?.conclude(increment, await measuredBy('ore-slag', seen), undefined);
    expect(slag?.answer.windows.map(({ window }) => window)).toEqual([0, 1, 3]);
    expect(models.ore('ore-brand')?.conclude(increment, [], undefined).answer.reasons).toHaveLength(1);
  });

  test('read a spectrum on another axis, and refuse one that does not reach far enough', async () => {
    const [nir, xrf] = spectra(1).map(({ message }) => message);
    if (!nir || !xrf) throw new Error('no spectra');
    const model = models.ore('ore-slag');
    const fine = Array.from({ length: 410 }, (_, i) => 398 + i * 5);
    const between = fine.map((nm) => {
      const i = Math.min(203, Math.max(0, Math.floor((nm - 400) / 10)));
      const share = (nm - 400) / 10 - i;
      return (1 - share) * (nir.values[i] ?? 0) + share * (nir.values[i + 1] ?? 0);
    });
    const a = (await model?.run(nir, declared, stop)) as { nir: number[] };
    const b = (await model?.run(
      { ...nir, axis: { unit: 'nm', values: fine }, values: between },
      declared,
      stop,
    )) as { nir: number[] };
    for (const [k, value] of a.nir.entries()) expect(Math.abs(value - (b.nir[k] ?? 0))).toBeLessThan(0.02);
    const short = { ...nir, axis: { unit: 'nm', start: 900, step: 10 }, values: nir.values.slice(0, 100) };
    await expect(model?.run(short, declared, stop)).rejects.toMatchObject({ code: 'ore.axis' });
    // What a covered window shows; a twentieth of the ore's own bands above it is none yet.
    const covered = nir.values.map((value) => 0.24 * (1 + 0.05 * (value - 0.2)));
    await expect(model?.run({ ...nir, values: covered }, declared, stop)).rejects.toMatchObject({
      code: 'ore.spectrum',
    });
    await expect(
      model?.run({ ...xrf, axis: { unit: 'keV', start: 0, step: 0.01 } }, declared, stop),
    ).rejects.toMatchObject({ code: 'ore.axis' });
  });
});
