import { goldenInputs } from '#models/bundle/golden';
import type { LoadedBundle } from '#models/bundle/load';
import type { Tensors } from '#models/runner/tensor';
import { writeBundle } from '../../support/bundles.ts';
import { unetModel } from '../../support/networks.ts';

const size = { rows: 192, columns: 640 };

/** A U-Net as strips are judged with, its weights drawn: there for its cost alone. */
export function unetBundle(folder: string): string {
  const tensor = (name: string, channels: number, rows: number, columns: number) => ({
    name,
    type: 'float32' as const,
    shape: ['batch' as const, channels, rows, columns],
    unit: '1',
    meaning: 'numbers',
  });
  const pixels = 2 * size.rows * size.columns;
  const zeros = Buffer.alloc(pixels * Float32Array.BYTES_PER_ELEMENT).toString('base64');
  return writeBundle(folder, {
    manifest: {
      id: 'unet',
      title: 'A U-Net of drawn weights',
      inputs: [tensor('x', 2, size.rows, size.columns)],
      outputs: [tensor('mask', 1, size.rows / 2, size.columns / 2)],
    },
    golden: {
      tolerance: { default: { absolute: 1e-5, relative: 0 } },
      cases: [
        {
          name: 'nothing in, one half out',
          inputs: { x: { dims: [1, 2, size.rows, size.columns], base64: zeros } },
          outputs: {
            mask: { dims: [1, 1, size.rows / 2, size.columns / 2], at: [0, 5000], values: [0.5, 0.5] },
          },
        },
      ],
    },
    files: { 'model.onnx': unetModel({ ...size, planes: 2, base: 16, depth: 3 }) },
  });
}

/** Inputs of the first golden case. */
export const inputsOf = ({ folder, manifest, golden }: LoadedBundle): Tensors =>
  goldenInputs(folder, manifest, 0, golden);
