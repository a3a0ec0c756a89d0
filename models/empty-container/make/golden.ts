import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleManifest, Golden } from '#models/bundle/schema';
import { scanners } from '#models/physics/xray/scanner';
import { drawScene } from '#models/physics/xray/scene-spec';
import { simulateScan } from '#models/physics/xray/simulate';
import { onnxCandidates } from '#models/runner/onnx';
import { seen } from '#models/tasks/empty-container/heldout';
import { fillWindow } from '#models/tasks/empty-container/preprocess';
import { steelTables } from '#models/tasks/empty-container/steel';
import { tileColumns, tileRows } from '#models/tasks/empty-container/tiles';

/** Seed of the scan that the golden tile is cut from. */
const seed = 800_000;
/** g/cm2 that its values are rounded to: it packs the better, and looks the same. */
const step = 1 / 16;
/** Values of the output that are compared. */
const compared = 96;

/** A tile around the load of a scan. */
function goldenTile(): Float32Array {
  const scene = drawScene(seed, { ...seen, empty: 0, small: 1, hidden: 0, litres: [20, 20] });
  const scan = simulateScan({ seed, scene, scanner: scanners.g1, pixelMm: 10 });
  const middle = (scan.truth.loads[0]?.region.column ?? 0) - Math.floor(tileColumns / 2);
  const tile = new Float32Array(2 * tileRows * tileColumns);
  const strip = { ...scan, column0: 0, airLevel: scan.attributes.airLevel };
  fillWindow(strip, steelTables(6, 4), { column0: middle, columns: tileColumns, rows: tileRows }, tile);
  return tile.map((value) => Math.round(value / step) * step);
}

/** Writes model.onnx, golden.f32 and golden.json of a bundle. */
export async function writeGolden(folder: string, model: string, manifest: BundleManifest): Promise<void> {
  copyFileSync(model, join(folder, 'model.onnx'));
  const data = goldenTile();
  const dims = [1, 2, tileRows, tileColumns];
  writeFileSync(join(folder, 'golden.f32'), data);
  const [candidate] = onnxCandidates({ folder, manifest, providers: ['cpu'], threads: 1 });
  const engine = await candidate?.open();
  const logits = (await engine?.run({ areal: { data, dims } }))?.['logits'];
  await engine?.close();
  if (!logits) throw new TypeError('The model gave no logits.');
  const at = Array.from({ length: compared }, (_, i) =>
    Math.floor(((i + 0.5) * logits.data.length) / compared),
  );
  const golden: Golden = {
    tolerance: {
      cpu: { absolute: 2e-3, relative: 1e-3 },
      default: { absolute: 5e-2, relative: 1e-2 },
    },
    cases: [
      {
        name: '20 litres in an empty container',
        inputs: { areal: { dims, file: 'golden.f32' } },
        outputs: {
          logits: {
            dims: [...logits.dims],
            at,
            values: at.map((index) => Number((logits.data[index] as number).toPrecision(7))),
          },
        },
      },
    ],
  };
  writeFileSync(join(folder, 'golden.json'), `${JSON.stringify(golden)}\n`);
}
