import type { BundleManifest } from '#models/bundle/schema';
import {
  cellColumns,
  cellMm,
  cellRows,
  gridMm,
  tileColumns,
  tileRows,
} from '#models/tasks/empty-container/tiles';

type Given = Pick<BundleManifest, 'id' | 'version' | 'calibration' | 'thresholds' | 'files'> & {
  readonly scans: number;
  /** Of the training, and of how many windows. */
  readonly steps: string;
};

/** What bundle.yaml says beside what is fitted and hashed. */
export function manifestOf({ scans, steps, ...given }: Given): BundleManifest {
  return {
    ...given,
    task: 'empty-container',
    title: 'Empty-container verification',
    summary:
      'Says of a side view of a truck whether its container is empty, and where the load is; straps, dunnage, pallets, dirt, puddles, cardboard and the plant of a reefer may stay.',
    validation: 'simulated',
    format: 'onnx',
    model: 'model.onnx',
    inputs: [
      {
        name: 'areal',
        type: 'float32',
        shape: ['batch', 2, tileRows, tileColumns],
        unit: 'g/cm2',
        meaning:
          'Areal density as if of iron: planes high and low, rows from the top, columns along the travel.',
        preprocessing: `Mean transmission over pixels of ${gridMm} mm, to iron by the beam's table; models/tasks/empty-container/preprocess.ts.`,
      },
    ],
    outputs: [
      {
        name: 'logits',
        type: 'float32',
        shape: ['batch', 3, cellRows, cellColumns],
        unit: '1',
        meaning: `Log odds by cell of ${cellMm} mm: load, what may stay, inside of the container.`,
      },
    ],
    labels: ['empty', 'loaded', 'load', 'abstained'],
    parameters: {
      heightMm: { min: 4000, max: 6500 },
      badPixelsMax: 0.02,
      containerLengthMm: { min: 5200, max: 14_500 },
      containerAreaM2Min: 10,
    },
    training: {
      data: `${scans} simulated scans of one make of scanner (6/4 MV) with simulated things added to them; ${steps}.`,
      provenance:
        'models/physics/xray; seeds and hold-outs in make/ and models/tasks/empty-container/heldout.ts.',
      code: 'models/empty-container/make',
      samples: scans,
      seed: 1,
    },
    metrics: [],
    limits: {
      energiesMv: [[6, 4]],
      pixelMm: { min: 3, max: 12 },
      saturatedMax: 0.01,
      lostLinesMax: 0.02,
      statements: [
        'Shown to work on simulated scans alone; nothing is claimed for scans of real containers.',
        'One container on a truck, seen from the side by a line scanner of 6 and 4 MV (for 9/6 MV too few scans show it to work: set H1); its upper 4.8 m of the picture must hold the container.',
        'What is thinner than about 0.7 g/cm2, or hidden behind posts, rails, floor members or the plant of a reefer, is found far less often: see the card.',
        'Abstains without a good calibration, for unknown energies, with too many lost lines, dead elements or saturated samples, and where no whole container is seen.',
      ],
    },
    licence: 'UNLICENSED',
  };
}
