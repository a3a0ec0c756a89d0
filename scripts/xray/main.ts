import { mkdirSync, writeFileSync } from 'node:fs';
import { type ScannerProfile, scanners } from '#models/physics/xray/scanner';
import { Simulator } from '#models/physics/xray/simulate';
import { discrimination } from './discrimination.ts';
import { discriminationPlot, ratioPlot, resolutionPlot, variancePlot } from './figures.ts';
import { gallery } from './gallery.ts';
import { page } from './page.ts';
import { contrast, penetration, wires } from './plates.ts';
import { resolution } from './resolution.ts';
import { meanVariance } from './variance.ts';

const plates = [150, 200, 250, 275, 300, 325, 350, 375, 400];
const percents = [0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8, 10];
const diameters = [0.5, 0.75, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
const widths = [20, 16, 12, 10, 8, 7, 6, 5];

/** Test objects fill a part of the picture only, and move at a speed that is known. */
const onBench = (scanner: ScannerProfile): ScannerProfile => ({
  ...scanner,
  speedError: 0,
  geometry: { ...scanner.geometry, topMm: 1950, bottomMm: 750 },
});

/** Makes the virtual acceptance tests of every scanner and writes them with their pictures into `folder`. */
export async function report(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const results = [];
  for (const [id, whole] of Object.entries(scanners)) {
    const scanner = onBench(whole);
    const simulator = new Simulator(scanner);
    const result = {
      scanner,
      penetration: penetration(simulator, plates),
      contrast: contrast(simulator, [50, 100, 200, 250], percents),
      wires: wires(simulator, [0, 50, 100, 200], diameters),
      resolution: resolution(simulator, widths),
      discrimination: discrimination(simulator),
    };
    results.push(result);
    await ratioPlot(simulator, result.discrimination, `${folder}/ratio-${id}.png`);
  }
  await resolutionPlot(results, `${folder}/resolution.png`);
  await discriminationPlot(results, `${folder}/discrimination.png`);
  const variance = meanVariance(
    new Simulator(onBench(scanners.g1)),
    [0, 10, 25, 50, 75, 100, 150, 200, 250, 300],
  );
  await variancePlot(variance, `${folder}/mean-variance.png`);
  await gallery(new Simulator(scanners.g1), folder);
  writeFileSync(`${folder}/README.md`, page(results, variance));
}
