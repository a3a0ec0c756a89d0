import { describe, expect, it } from 'vitest';
import { extentOf } from '../extent.ts';
import { drawScene, type SceneSpec } from '../scene-spec.ts';
import { litresOf } from '../volume.ts';
import { acceptedKinds } from './accepted.ts';
import { buildScene } from './build.ts';
import { containerIds } from './containers.ts';
import { type Goods, goodsCatalogue, goodsIds } from './goods.ts';
import { hiddenPlaces, loadShapes, openPlaces, type SmallLoad } from './small-loads.ts';
import { vehicleIds } from './vehicles.ts';

const scene: SceneSpec = {
  ...drawScene(1, { empty: 1, containers: ['reefer-40-hc'], vehicles: ['cabover-4x2'] }),
  accepted: [],
};

describe('a drawn scene', () => {
  it('follows from its seed and options, as plain data', () => {
    for (let seed = 0; seed < 50; seed++) {
      const options = {
        goods: ['rice', 'beer'] as const,
        containers: ['dry-20'] as const,
        litres: [2, 3] as const,
      };
      const drawn = drawScene(seed, options);
      expect(drawScene(seed, options)).toEqual(drawn);
      expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
      expect(drawn.container).toBe('dry-20');
      for (const { goods } of drawn.cargo) expect(['rice', 'beer']).toContain(goods);
      for (const { litres, place } of drawn.smallLoads) {
        expect(litres).toBeGreaterThanOrEqual(2);
        expect(litres).toBeLessThanOrEqual(3);
        expect(place).not.toBe('plant');
      }
    }
  });

  it('is empty, small or loaded as often as asked', () => {
    const drawn = Array.from({ length: 400 }, (_, seed) => drawScene(seed, { empty: 0.5, small: 0.5 }));
    const share = (of: (one: SceneSpec) => boolean) => drawn.filter(of).length / drawn.length;
    expect(share(({ cargo, smallLoads }) => cargo.length + smallLoads.length === 0)).toBeCloseTo(0.5, 0.9);
    expect(share(({ smallLoads }) => smallLoads.length > 0)).toBeCloseTo(0.25, 0.9);
    expect(new Set(drawn.map(({ container }) => container)).size).toBe(containerIds.length);
    expect(new Set(drawn.map(({ vehicle }) => vehicle.model)).size).toBe(vehicleIds.length);
  });
});

describe('goods', () => {
  it('that are drawn have room: no container that is called loaded is empty', () => {
    for (let seed = 0; seed < 300; seed++)
      expect(
        buildScene(drawScene(seed, { empty: 0, small: 0 })).loads.length,
        `seed ${seed}`,
      ).toBeGreaterThan(0);
  });

  it.each(goodsIds)('%s fill a container within its walls and what it may carry', (id) => {
    const goods: Goods = goodsCatalogue[id];
    const cargo = [{ goods: id, from: 0, to: 1, height: 1, seed: 5 }];
    const built = buildScene({ ...scene, container: 'dry-40', cargo });
    const [load] = built.loads;
    expect(load).toMatchObject({ hs: goods.hs, material: goods.material, kind: 'cargo' });
    expect(load?.massKg).toBeGreaterThan(1000);
    expect(load?.massKg).toBeLessThan(33_000);
    const { outside, room } = built.container;
    for (const solid of built.solids.filter(({ load: of }) => of === 0)) {
      const { x, y, z } = extentOf(solid.shape);
      expect(x[0]).toBeGreaterThanOrEqual(room.x[0]);
      expect(x[1]).toBeLessThanOrEqual(outside.x[1]);
      expect(y[0]).toBeGreaterThanOrEqual(outside.y[0]);
      expect(y[1]).toBeLessThanOrEqual(outside.y[1]);
      expect(z[0]).toBeGreaterThanOrEqual(room.z[0] - 1);
      expect(z[1]).toBeLessThanOrEqual(outside.z[1]);
    }
  });
});

describe('small loads', () => {
  const places = [...openPlaces, ...hiddenPlaces];

  it.each(places)('put at %s have their volume and are in the container', (place) => {
    for (const shape of loadShapes)
      for (const litres of [1, 8, 40]) {
        const small: SmallLoad = {
          material: 'sugar',
          litres,
          packing: 0.6,
          shape,
          place,
          at: 0.3,
          seed: litres,
        };
        const built = buildScene({ ...scene, smallLoads: [small] });
        const solids = built.solids.filter(({ role }) => role === 'load');
        const volume = solids.reduce((sum, solid) => sum + litresOf(solid.shape), 0);
        expect(volume / litres).toBeCloseTo(1, 1.5);
        expect(built.loads[0]?.massKg).toBeCloseTo(volume * 1.59 * 0.6, 3);
        const { x, y, z } = built.container.outside;
        for (const { shape: of } of solids) {
          const extent = extentOf(of);
          expect(extent.x[0]).toBeGreaterThanOrEqual(x[0] - 1);
          expect(extent.x[1]).toBeLessThanOrEqual(x[1] + 1);
          expect(Math.max(-extent.y[0], extent.y[1])).toBeLessThanOrEqual(y[1]);
          expect(extent.z[0]).toBeGreaterThanOrEqual(z[0] - 1);
          expect(extent.z[1]).toBeLessThanOrEqual(z[1] + 1);
        }
      }
  });
});

describe('what may stay', () => {
  it.each(acceptedKinds)('%s are in the room and are no load', (kind) => {
    for (let seed = 0; seed < 20; seed++) {
      const built = buildScene({ ...scene, accepted: [{ kind, at: seed / 19, seed }] });
      expect(built.loads).toEqual([]);
      const { x } = built.container.outside;
      const added = built.solids.slice(buildScene(scene).solids.length);
      expect(added.length).toBeGreaterThan(0);
      for (const { shape, role } of added) {
        expect(role).toBe('accepted');
        expect(extentOf(shape).x[0]).toBeGreaterThanOrEqual(x[0] - 800);
        expect(extentOf(shape).x[1]).toBeLessThanOrEqual(x[1] + 800);
      }
    }
  });
});
