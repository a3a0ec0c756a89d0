import { cellColumns, cellRows, tileColumns, tileRows } from '#models/tasks/empty-container/tiles';
import { writeBundle } from './bundles.ts';
import { Graph } from './onnx.ts';

/** g/cm2 of steel from which a place counts as the container, and as a load in it. */
const wall = 1;
const load = 20;

/**
 * A bundle of the task `empty-container` whose network is one convolution: a cell is loaded where its mean areal
 * density is above a limit. Everything around it is the real thing.
 */
export function writeThresholdBundle(folder: string, version = '1.0.0'): string {
  const graph = new Graph();
  const areal = graph.input('areal', ['batch', 2, tileRows, tileColumns]);
  // Of the high energy alone: load, what is harmless (nothing), container.
  const gains = [0.25, 0, 1];
  const weights = Float32Array.from({ length: 3 * 2 * 4 }, (_, i) =>
    Math.floor(i / 4) % 2 === 0 ? (gains[Math.floor(i / 8)] as number) / 4 : 0,
  );
  const bias = Float32Array.of(-0.25 * load, -5, -wall);
  graph.node(
    'Conv',
    [areal, graph.constant([3, 2, 2, 2], weights), graph.constant([3], bias)],
    { strides: [2, 2], kernel_shape: [2, 2] },
    'logits',
  );
  graph.output('logits', ['batch', 3, cellRows, cellColumns]);
  const cells = cellRows * cellColumns;
  return writeBundle(folder, {
    files: {
      'model.onnx': graph.model(),
      'air.f32': new Uint8Array(2 * tileRows * tileColumns * 4),
    },
    golden: {
      tolerance: { default: { absolute: 1e-5, relative: 1e-5 } },
      cases: [
        {
          name: 'air',
          inputs: { areal: { dims: [1, 2, tileRows, tileColumns], file: 'air.f32' } },
          outputs: {
            logits: { dims: [1, 3, cellRows, cellColumns], at: [0, cells, 2 * cells], values: [...bias] },
          },
        },
      ],
    },
    manifest: {
      id: 'empty-container',
      version,
      task: 'empty-container',
      title: 'Dense is loaded',
      summary: 'Calls dense places of a container loaded.',
      inputs: [
        {
          name: 'areal',
          type: 'float32',
          shape: ['batch', 2, tileRows, tileColumns],
          unit: 'g/cm2',
          meaning: 'plane, row, column',
        },
      ],
      outputs: [
        {
          name: 'logits',
          type: 'float32',
          shape: ['batch', 3, cellRows, cellColumns],
          unit: '1',
          meaning: 'class, row, column',
        },
      ],
      labels: ['load', 'harmless', 'container'],
      thresholds: { unified: { loaded: 0.5 } },
      calibration: { method: 'logistic', parameters: { bias: 0, peak: 1, area: 0 } },
      parameters: {
        heightMm: { min: 300, max: 6000 },
        badPixelsMax: 0.05,
        containerLengthMm: { min: 1500, max: 20_000 },
        containerAreaM2Min: 0.5,
      },
      limits: {
        energiesMv: [[6, 4]],
        pixelMm: { min: 4, max: 10 },
        saturatedMax: 0.01,
        lostLinesMax: 0.02,
        statements: ['It is there for tests.'],
      },
    },
  });
}
