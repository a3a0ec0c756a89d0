import { closeSync, fstatSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '#models/physics/xray/random';
import type { Beam } from '#models/physics/xray/beam';
import { materials } from '#models/physics/xray/materials';
import { drawScene } from '#models/physics/xray/scene-spec';
import { type SimulatedScan, Simulator } from '#models/physics/xray/simulate';
import { seen } from '#models/tasks/empty-container/heldout';
import { fillWindow } from '#models/tasks/empty-container/preprocess';
import { type SteelTables, steelTables } from '#models/tasks/empty-container/steel';
import { cellPixels, gridMm, tileRows } from '#models/tasks/empty-container/tiles';
import { labelsOf } from './labels.ts';
import { variant, variantCount } from './variants.ts';

/**
 * Writes training scans as train.py reads them: `node dist/models/empty-container/make/export.js FOLDER FROM COUNT`
 * with seeds FROM, FROM + 1, …; more can be added to a folder. Areal densities are those of preprocess.ts,
 * in uint16 (`areal.u16`, [2, rows, columns] a scan), labels in bits (`cells.u8`), one line a scan in `index.ndjson`.
 */

/** g/cm2 a step, and the step that stands for none. */
const gCm2PerStep = 0.005;
const zero = 400;

class Files {
  readonly #files: Readonly<Record<'areal' | 'cells' | 'index', number>>;
  #arealAt: number;
  #cellsAt: number;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const open = (name: string) => openSync(join(folder, name), 'a');
    this.#files = { areal: open('areal.u16'), cells: open('cells.u8'), index: open('index.ndjson') };
    this.#arealAt = fstatSync(this.#files.areal).size / 2;
    this.#cellsAt = fstatSync(this.#files.cells).size;
  }

  add(areal: Uint16Array, cells: Uint8Array, facts: object): void {
    writeSync(this.#files.areal, areal);
    writeSync(this.#files.cells, cells);
    const line = { ...facts, arealAt: this.#arealAt, cellsAt: this.#cellsAt };
    writeSync(this.#files.index, `${JSON.stringify(line)}\n`);
    this.#arealAt += areal.length;
    this.#cellsAt += cells.length;
  }

  close(): void {
    for (const file of Object.values(this.#files)) closeSync(file);
  }
}

/** The whole scan as the network sees it. */
function arealOf(scan: SimulatedScan, tables: SteelTables, columns: number): Uint16Array {
  const areal = new Float32Array(2 * tileRows * columns);
  const strip = { ...scan, column0: 0, airLevel: scan.attributes.airLevel };
  fillWindow(strip, tables, { column0: 0, columns, rows: tileRows }, areal);
  return Uint16Array.from(areal, (gCm2) => Math.min(65_535, Math.max(0, Math.round(gCm2 / gCm2PerStep) + zero)));
}

/** What 10 g/cm2 of each material that may be trained on are worth, g/cm2 of iron a g/cm2, in both planes. */
function worthOf(beam: Beam, tables: SteelTables) {
  const gCm2 = 10;
  return seen.materials.map((material) => {
    const { densityGCm3, composition } = materials[material];
    const through = beam.exact(composition, gCm2);
    const high = tables.high.of(through.high) / gCm2;
    return { material, densityGCm3, high, low: tables.low.of(through.low) / gCm2 };
  });
}

/** Most are empty or all but: what is full is easy. */
const mixture = { ...seen, empty: 0.5, small: 0.75 };

function main([folder = '', from = '0', count = '0']: readonly string[]): void {
  const files = new Files(folder);
  const simulators = Array.from({ length: variantCount }, (_, index) => new Simulator(variant(index)));
  const tables = steelTables(6, 4);
  const worth = worthOf((simulators[0] as Simulator).beam, tables);
  writeFileSync(join(folder, 'materials.json'), JSON.stringify(worth));
  for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
    const random = new Random(seed, 12);
    // A third from G1 itself.
    const index = random.chance(1 / 3) ? 0 : random.integer(1, variantCount - 1);
    const scene = drawScene(seed, mixture);
    const pixelMm = random.chance(0.06) ? 5 : gridMm;
    const scan = (simulators[index] as Simulator).scan({ seed, scene, pixelMm });
    const columns = Math.ceil((scan.columns * pixelMm) / gridMm / cellPixels) * cellPixels;
    const { empty, loads } = scan.truth;
    const facts = { seed, machine: index, pixelMm, columns, rows: tileRows, gCm2PerStep, zero, empty, loads };
    files.add(arealOf(scan, tables, columns), labelsOf(scan, columns / cellPixels), {
      ...facts,
      container: scene.container,
      accepted: scene.accepted.map(({ kind }) => kind),
      places: scene.smallLoads.map(({ place }) => place),
    });
  }
  files.close();
}

main(process.argv.slice(2));
