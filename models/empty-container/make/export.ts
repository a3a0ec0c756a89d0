import { fanOf } from '#models/physics/xray/fan';
import { type SimulatedScan, Simulator } from '#models/physics/xray/simulate';
import { labelsOf } from '#models/tasks/empty-container/labels';
import { fillWindow } from '#models/tasks/empty-container/preprocess';
import { type SteelTables, steelTables } from '#models/tasks/empty-container/steel';
import { cellPixels, gridMm, tileRows } from '#models/tasks/empty-container/tiles';
import { ArealFiles } from './areal-files.ts';
import { containerOf, heightsOf, trainingScene } from './scene.ts';
import { variant, variantCount } from './variants.ts';

/**
 * Writes training scans as train.py reads them: `node dist/models/empty-container/make/export.js FOLDER FROM COUNT`
 * with seeds FROM, FROM + 1, …; more can be added to a folder. Areal densities are those of preprocess.ts,
 * [2, rows, columns] a scan, labels in bits by cell.
 */

/** The whole scan as the network sees it. */
function arealOf(scan: SimulatedScan, tables: SteelTables, columns: number): Float32Array {
  const areal = new Float32Array(2 * tileRows * columns);
  const strip = { ...scan, column0: 0, airLevel: scan.attributes.airLevel };
  fillWindow(strip, tables, { column0: 0, columns, rows: tileRows }, areal);
  return areal;
}

function main([folder = '', from = '0', count = '0']: readonly string[]): void {
  const files = new ArealFiles(folder, 'scans');
  const simulators = Array.from({ length: variantCount }, (_, index) => new Simulator(variant(index)));
  const tables = steelTables(6, 4);
  for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
    const { machine, scene, pixelMm } = trainingScene(seed);
    const simulator = simulators[machine] as Simulator;
    const scan = simulator.scan({ seed, scene, pixelMm });
    const columns = Math.ceil((scan.columns * pixelMm) / gridMm / cellPixels) * cellPixels;
    const { outside, room } = containerOf(scene);
    files.add(arealOf(scan, tables, columns), labelsOf(scan, columns / cellPixels), {
      seed,
      machine,
      container: scene.container,
      rows: tileRows,
      columns,
      empty: scan.truth.empty,
      ...heightsOf(fanOf(simulator.scanner, gridMm), room),
      // From the container's front and rear to the free room, pixels of the network.
      front: (room.x[0] - outside.x[0]) / gridMm,
      rear: (outside.x[1] - room.x[1]) / gridMm,
    });
  }
  files.close();
}

main(process.argv.slice(2));
