import type { Beam } from '#models/physics/xray/beam';
import { extentOf } from '#models/physics/xray/extent';
import { type Fan, fanOf } from '#models/physics/xray/fan';
import { materials } from '#models/physics/xray/materials';
import { Random } from '#models/physics/xray/random';
import { acceptedKinds, acceptedSolids } from '#models/physics/xray/scene/accepted';
import { buildScene } from '#models/physics/xray/scene/build';
import { type BuiltContainer, containers } from '#models/physics/xray/scene/containers';
import {
  hiddenPlaces,
  loadShapes,
  openPlaces,
  type SmallLoad,
  smallLoadSolids,
} from '#models/physics/xray/scene/small-loads';
import type { SceneSpec } from '#models/physics/xray/scene-spec';
import { Simulator } from '#models/physics/xray/simulate';
import type { Solid } from '#models/physics/xray/solids';
import { Tracer } from '#models/physics/xray/trace';
import { seen } from '#models/tasks/empty-container/heldout';
import { type SteelTables, steelTables } from '#models/tasks/empty-container/steel';
import { gridMm, tileRows } from '#models/tasks/empty-container/tiles';
import { ArealFiles } from './areal-files.ts';
import { containerOf, heightsOf } from './scene.ts';
import { variant, variantCount } from './variants.ts';

/**
 * Writes things alone, without the truck around them: `node dist/models/empty-container/make/items.js FOLDER FROM
 * COUNT`. What attenuates adds up, so train.py puts them into scans of containers: a thing costs a fiftieth of a scan,
 * and the network sees each among many others.
 */

interface Item {
  readonly solids: readonly Solid[];
  readonly isLoad: boolean;
  /** Its distance to the nearer end of the container belongs to it. */
  readonly anchored: boolean;
}

/** Mostly small; dense things in small pieces, as in scene-spec.ts. */
function smallLoad(random: Random, reefer: boolean): SmallLoad {
  const material = random.pick(seen.materials);
  const dense = materials[material].densityGCm3 > 4;
  const hidden = hiddenPlaces.filter((place) => place !== 'plant' || reefer);
  return {
    material,
    litres: random.logBetween(0.4, dense ? 20 : 200),
    packing: dense ? random.between(0.5, 1) : random.between(0.45, 0.95),
    shape: random.pick(loadShapes),
    place: random.pick(random.chance(0.3) ? hidden : openPlaces),
    at: random.next(),
    seed: random.bits(),
  };
}

function cargo(random: Random, spec: Pick<SceneSpec, 'vehicle' | 'container'>): readonly Solid[] {
  const from = random.between(0, 0.8);
  const goods = random.pick(seen.goods);
  const height = random.between(0.15, 1);
  const part = { goods, from, to: from + random.between(0.08, 0.2), height, seed: random.bits() };
  const scene = { ...spec, seed: 0, cargo: [part], accepted: [], smallLoads: [] };
  return buildScene(scene).solids.filter(({ role }) => role === 'load');
}

function draw(
  random: Random,
  spec: Pick<SceneSpec, 'vehicle' | 'container'>,
  container: BuiltContainer,
): Item {
  const kind = random.next();
  if (kind < 0.45) {
    const thing = { kind: random.pick(acceptedKinds), at: random.next(), seed: random.bits() };
    return { solids: acceptedSolids(thing, container.room), isLoad: false, anchored: false };
  }
  if (kind < 0.93) {
    const load = smallLoad(random, containers[spec.container].kind === 'reefer');
    const anchored = ['behind-door', 'corner', 'plant', 'post'].includes(load.place);
    return { solids: smallLoadSolids(load, container, 0), isLoad: true, anchored };
  }
  return { solids: cargo(random, spec), isLoad: true, anchored: false };
}

/** Areal densities of solids alone, [2, tileRows, columns], from x0 on; columns of `gridMm`. */
function render(
  solids: readonly Solid[],
  fan: Fan,
  beam: Beam,
  tables: SteelTables,
  x0: number,
  columns: number,
) {
  const tracer = new Tracer(solids, fan, beam);
  const line = tracer.newLine();
  const seenThrough = { high: new Float32Array(fan.rows), low: new Float32Array(fan.rows) };
  const areal = new Float32Array(2 * tileRows * columns);
  for (let column = 0; column < columns; column++) {
    tracer.line(x0 + column * gridMm, x0 + (column + 1) * gridMm, line);
    beam.transmit(line.basis, fan.rows, seenThrough);
    for (let row = 0; row < tileRows; row++) {
      areal[row * columns + column] = tables.high.of(seenThrough.high[row] as number);
      areal[(tileRows + row) * columns + column] = tables.low.of(seenThrough.low[row] as number);
    }
  }
  return areal;
}

function main([folder = '', from = '0', count = '0']: readonly string[]): void {
  const files = new ArealFiles(folder, 'items');
  const machines = Array.from({ length: variantCount }, (_, index) => new Simulator(variant(index)));
  const tables = steelTables(6, 4);
  for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
    const random = new Random(seed, 13);
    const { scanner, beam } = random.pick(machines);
    const fan = fanOf(scanner, gridMm);
    const vehicle = { model: random.pick(seen.vehicles), fuel: 0.5 };
    const spec = { vehicle, container: random.pick(seen.containers) };
    const container = containerOf(spec);
    const { solids, isLoad, anchored } = draw(random, spec, container);
    if (solids.length === 0) continue;
    const extents = solids.map(({ shape }) => extentOf(shape).x);
    const x0 = Math.min(...extents.map((x) => x[0]));
    const x1 = Math.max(...extents.map((x) => x[1]));
    const columns = Math.ceil((x1 - x0) / gridMm) + 1;
    const { room } = container;
    files.add(render(solids, fan, beam, tables, x0, columns), new Uint8Array(0), {
      seed,
      isLoad,
      anchored,
      rows: tileRows,
      columns,
      ...heightsOf(fan, room),
      reefer: containers[spec.container].kind === 'reefer',
      // To the ends of the free room, pixels of the network; negative outside of it.
      front: (x0 - room.x[0]) / gridMm,
      rear: (room.x[1] - x1) / gridMm,
    });
  }
  files.close();
}

main(process.argv.slice(2));
