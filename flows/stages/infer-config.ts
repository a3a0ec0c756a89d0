import { type Static, Type } from 'typebox';

export const InferConfig = Type.Object(
  {
    model: Type.String({ description: 'Bundle of the model, by id.', minLength: 1 }),
    deployment: Type.Optional(
      Type.String({
        description: "Deployment class whose thresholds hold; the bundle's own default when absent.",
        minLength: 1,
      }),
    ),
    deadlineMs: Type.Integer({
      description: 'Longest wait for one strip, ms; a later answer counts as none.',
      default: 10_000,
      minimum: 1,
      maximum: 600_000,
    }),
    concurrency: Type.Integer({
      description: 'Strips under way at the same time, of all scans together.',
      default: 4,
      minimum: 1,
      maximum: 64,
    }),
    patienceSeconds: Type.Number({
      description: 'How long a strip that others have overtaken is waited for, seconds.',
      default: 2,
      minimum: 0,
      maximum: 600,
    }),
    silenceSeconds: Type.Number({
      description: 'A scan of which nothing has come for so long is concluded as it is, seconds.',
      default: 60,
      exclusiveMinimum: 0,
      maximum: 86_400,
    }),
    maxScans: Type.Integer({
      description: 'Most scans remembered at once; a strip of one more leaves by the error port.',
      default: 256,
      minimum: 1,
      maximum: 100_000,
    }),
  },
  { additionalProperties: false },
);
export type InferConfig = Static<typeof InferConfig>;
