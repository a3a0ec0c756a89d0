import { type Static, Type } from 'typebox';

/** What `bundle.yaml` says of a model. Every file of the bundle is under the hash of it that is listed here. */
const text = (description: string) => Type.String({ description, minLength: 1 });
const texts = (description: string) => Type.Array(Type.String({ minLength: 1 }), { description });
const name = (description: string) => Type.String({ description, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' });

const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Shape = Type.Array(
  Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('batch'), Type.Literal('any')]),
  {
    description:
      'Length of each axis; `batch` for the axis along which inputs are joined, `any` for one left open.',
  },
);
const ElementType = Type.Enum(['float32', 'float64', 'uint8', 'uint16', 'int32', 'bool'], {
  description: 'Type of the elements.',
});
export type ElementType = Static<typeof ElementType>;

export const TensorSpec = Type.Object({
  name: text('Name of the tensor in the model.'),
  type: ElementType,
  shape: Shape,
  unit: text('Unit of the values; 1 for numbers without one.'),
  meaning: text('What the values are, by axis.'),
  preprocessing: Type.Optional(
    text('For an input: how it is made from calibrated samples, and by which code.'),
  ),
});
export type TensorSpec = Static<typeof TensorSpec>;

export const Metric = Type.Object({
  name: text('What was measured, such as detection rate.'),
  set: text('Data that it was measured on.'),
  value: Type.Number({ description: 'Point estimate.' }),
  low: Type.Number({ description: 'Lower end of the confidence interval.' }),
  high: Type.Number({ description: 'Upper end of the confidence interval.' }),
  confidence: Type.Number({
    description: 'Confidence of the interval, such as 0.95.',
    minimum: 0,
    maximum: 1,
  }),
  unit: text('Unit; 1 for a share.'),
  count: Type.Optional(Type.Integer({ description: 'Samples it rests on.', minimum: 1 })),
});
export type Metric = Static<typeof Metric>;

/** Inside these a model judges; outside it abstains. What is absent does not limit. */
export const Limits = Type.Object({
  scanners: Type.Optional(texts('Identities of scanners that it may judge; all when absent.')),
  energiesMv: Type.Optional(
    Type.Array(Type.Array(Type.Number()), {
      description: 'Sets of accelerating voltages, MV, in order of the planes.',
    }),
  ),
  pixelMm: Type.Optional(
    Type.Object(
      {
        min: Type.Number({ description: 'Smallest pixel side, mm.' }),
        max: Type.Number({ description: 'Largest pixel side, mm.' }),
      },
      { description: 'Side of a pixel in the object plane.' },
    ),
  ),
  saturatedMax: Type.Optional(Type.Number({ description: 'Largest share of saturated samples, 0..1.' })),
  lostLinesMax: Type.Optional(Type.Number({ description: 'Largest share of lost lines, 0..1.' })),
  statements: texts('Limits in words, for people: what it was not made for, and where it fails.'),
});
export type Limits = Static<typeof Limits>;

export const BundleManifest = Type.Object(
  {
    id: name('Identity of the model, the same over its versions.'),
    version: Type.String({
      description: 'Version, MAJOR.MINOR.PATCH; counts up.',
      pattern: '^\\d+\\.\\d+\\.\\d+$',
    }),
    task: name('What it is for; the code of the task is in models/tasks.'),
    title: text('Name for people.'),
    summary: text('What it does, in a sentence.'),
    validation: Type.Enum(['simulated', 'laboratory', 'field'], {
      description: 'On what it was validated; screens and cards say so.',
    }),
    format: Type.Enum(['onnx', 'tfjs', 'calibration', 'tables'], {
      description:
        "ONNX, a TensorFlow.js graph or layers model, a laboratory's calibration of spectra, or tables of the ore models.",
    }),
    model: text('File that is run: model.onnx or model.json.'),
    inputs: Type.Array(TensorSpec, { description: 'What it takes.', minItems: 1 }),
    outputs: Type.Array(TensorSpec, { description: 'What it gives.', minItems: 1 }),
    labels: texts('What it can claim.'),
    thresholds: Type.Record(Type.String(), Type.Record(Type.String(), Type.Number()), {
      description: 'By deployment class (`unified`, or a region), thresholds on calibrated scores by name.',
    }),
    calibration: Type.Object({
      method: text('How raw outputs become probabilities; `none` where they are not.'),
      data: Type.Optional(text('What it was fitted on.')),
      parameters: Type.Record(Type.String(), Type.Unknown(), {
        description: 'Its parameters, as the task reads them.',
      }),
    }),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'What else the code of the task reads.' }),
    ),
    training: Type.Object({
      data: text('What it was trained on.'),
      provenance: text('Where that comes from and how it is made again.'),
      code: text('Where the training code is.'),
      samples: Type.Optional(Type.Integer({ description: 'Samples it was trained on.', minimum: 0 })),
      seed: Type.Optional(Type.Integer({ description: 'Seed of the training.' })),
    }),
    metrics: Type.Array(Metric, { description: 'Measured on held-out data, by `model eval`.' }),
    limits: Limits,
    licence: text('Licence, SPDX where there is one.'),
    files: Type.Record(Type.String(), Sha256, {
      description: 'SHA-256, hex, of every other file that a box needs, by path below the bundle.',
    }),
  },
  { additionalProperties: false },
);
export type BundleManifest = Static<typeof BundleManifest>;

/** A tensor in `golden.json`: all values, as numbers or as base64 of little-endian bytes, or some by index. */
const GoldenTensor = Type.Object({
  dims: Type.Array(Type.Integer({ minimum: 0 }), { description: 'Length of each axis.' }),
  values: Type.Optional(Type.Array(Type.Number(), { description: 'Values, all or those of `at`.' })),
  base64: Type.Optional(Type.String({ description: 'All values, little-endian, base64.' })),
  file: Type.Optional(Type.String({ description: 'File of the bundle with all values, little-endian.' })),
  at: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0 }), {
      description: 'For an output: indices of the values that are given.',
    }),
  ),
});
export type GoldenTensor = Static<typeof GoldenTensor>;

const Tolerance = Type.Object({
  absolute: Type.Number({ description: 'Largest absolute difference.', minimum: 0 }),
  relative: Type.Number({ description: 'Largest difference as a share of the golden value.', minimum: 0 }),
});
export type Tolerance = Static<typeof Tolerance>;

export const Golden = Type.Object(
  {
    tolerance: Type.Record(Type.String(), Tolerance, {
      description:
        'By provider (cpu, cuda, tensorrt, webgpu, wasm, …); a provider without one has that of `default`.',
    }),
    cases: Type.Array(
      Type.Object({
        name: text('What it shows.'),
        inputs: Type.Record(Type.String(), GoldenTensor, { description: 'By name of the input.' }),
        outputs: Type.Record(Type.String(), GoldenTensor, { description: 'By name of the output.' }),
      }),
      { description: 'Inputs and what must come out, batch axis 1.', minItems: 1 },
    ),
  },
  { additionalProperties: false },
);
export type Golden = Static<typeof Golden>;

/** `bundle.sig`: the hub's word for a bundle.yaml, and through its hashes for every file. */
export const BundleSignature = Type.Object({
  kind: Type.Literal('bundle'),
  id: text('Identity of the bundle.'),
  version: text('Version of the bundle.'),
  manifest: Sha256,
  issued: text('When it was signed, ISO 8601.'),
  expires: text('Until when a box may take it in, ISO 8601.'),
  signature: text('Ed25519 over the canonical form of all other fields, base64.'),
});
export type BundleSignature = Static<typeof BundleSignature>;
