import { describe, expect, test } from 'vitest';
import type { Measured, OreIncrement } from '#flows/ore/model';
import type { FrameMessage, FrameSource } from '#flows/scan';
import { openOreWorld } from '../physics/ore/berth.ts';
import { type InPicture, PictureLot, pictureHeight, pictureWidth } from './make/picture-lot.ts';
import { readOreTables } from './open.ts';
import type { Picture } from './picture-cells.ts';
import { pictureModels } from './picture-models.ts';
import { PictureJudge } from './pictures.ts';

const world = openOreWorld();
const judge = new PictureJudge(readOreTables().pictures);
const stop = { stopped: false, onStop: () => () => {} };
const declared = { lot: 'L1', shipper: 's', brand: 'PB fines', mine: 'm', port: 'p' };

const packedOf = ({ width, height, planes }: Picture): Uint8Array =>
  Uint8Array.from({ length: 3 * width * height }, (_, i) => planes[i % 3]?.[Math.floor(i / 3)] ?? 0);

const held = new Map<string, Uint8Array>();
const frames: FrameSource = {
  picture: ({ data }) => held.get((data as { file: string }).file),
  read: () => Promise.reject(new Error('not held')),
};
const models = (version: string) => {
  const [anomaly, inclusion] = pictureModels(judge, { version, signed: false }, frames);
  if (!anomaly || !inclusion) throw new Error('no models');
  return { anomaly, inclusion };
};

function frameOf(pixels: Uint8Array, window: number): FrameMessage {
  const file = `${held.size}`;
  held.set(file, pixels);
  return {
    kind: 'frame',
    device: 'camera',
    time: new Date(1000 * window).toISOString(),
    quality: 'good',
    attributes: {},
    width: pictureWidth,
    height: pictureHeight,
    planes: ['red', 'green', 'blue'],
    bits: 8,
    data: { file },
  } as unknown as FrameMessage;
}

/** What a model made of pictures of one lot, a window each. */
async function seen(lot: PictureLot, what: readonly InPicture[], from = 0): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const [i, one] of what.entries()) {
    const window = from + i;
    const result = await models('1').anomaly.run(
      frameOf(packedOf(lot.next(one).picture), window),
      declared,
      stop,
    );
    const place = { lot: 'L1', positionM: window, massT: 5 * window, increment: 0, window, loadKgPerM: 400 };
    all.push({
      place,
      technique: 'image',
      device: 'camera',
      result: JSON.parse(JSON.stringify(result)) as unknown,
    });
  }
  return all;
}

const increment = (windows: number): OreIncrement => ({
  lot: 'L1',
  increment: 0,
  massT: 5 * windows,
  windows: { from: 0, to: windows },
  windowT: 5,
  declared,
});
const lotOf = (seed: number) => {
  const brand = world.materials.brands.find(({ name }) => name === declared.brand);
  if (!brand) throw new Error('no brand');
  return new PictureLot(world, brand, seed, 0);
};

describe('models of pictures', () => {
  test('a steel bar is told where it lies, by its name and surely; clean ore is not', async () => {
    const measured = await seen(lotOf(1), [{}, { foreign: 'steel bar' }, {}]);
    const { answer } = models('1').inclusion.conclude(increment(3), measured, undefined);
    expect(answer.findings.map(({ window, label }) => [window, label])).toEqual([[1, 'steel bar']]);
    expect(answer.findings[0]?.score).toBeGreaterThan(0.5);
    const { x = 0, y = 0, width = 0, height = 0 } = answer.findings[0]?.region ?? {};
    expect(Math.max(width, height)).toBeGreaterThanOrEqual(64);
    expect(x + width).toBeLessThanOrEqual(pictureWidth);
    expect(y + height).toBeLessThanOrEqual(pictureHeight);
    expect(answer.windows.map(({ p }) => p <= 0.001)).toEqual([false, true, false]);
  });

  test('powder that is lost among lots stands out of its own lot; another version learns the lot anew', async () => {
    const place = world.materials.wastes.findIndex(({ name }) => name === 'pyrite cinder');
    const lot = lotOf(2);
    const clean = await seen(lot, new Array<InPicture>(10).fill({}));
    const { memory, answer } = models('1').anomaly.conclude(increment(10), clean, undefined);
    expect(Math.min(...answer.windows.map(({ p }) => p))).toBeGreaterThan(0.001);
    const dirty = await seen(lot, [{ waste: { place, share: 0.2 } }], 10);
    const p = (version: string) =>
      models(version).anomaly.conclude(increment(11), dirty, JSON.parse(JSON.stringify(memory))).answer
        .windows[0]?.p ?? 0;
    expect(p('1')).toBeLessThanOrEqual(0.001);
    expect(p('2')).toBeGreaterThan(p('1'));
  });

  test('a dark picture is refused', async () => {
    const dark = new Uint8Array(3 * pictureWidth * pictureHeight).fill(9);
    await expect(models('1').anomaly.run(frameOf(dark, 0), declared, stop)).rejects.toMatchObject({
      code: 'ore.picture',
    });
  });
});
