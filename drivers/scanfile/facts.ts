import { type Static, Type } from 'typebox';
import { findings } from '#flows/lint/schema';
import { problemsText } from './text.ts';

const text = (description: string) =>
  Type.Optional(Type.String({ description, minLength: 1, maxLength: 200 }));

/**
 * What is known of a scan beside its samples: in the config for every file of a folder, in a side-car for one. What
 * a file says itself stands above the config, and what its side-car says above both.
 */
export const ScanFileFacts = Type.Object(
  {
    scan: text('Identity of the scan; absent: a digest of the file.'),
    device: text('Identity of the scanner.'),
    started: Type.Optional(
      Type.String({
        description: 'When the scan began, ISO 8601 UTC.',
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$',
      }),
    ),
    energiesMv: Type.Optional(
      Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 20 }), {
        description: 'Accelerating voltages, MV, one a plane.',
        minItems: 1,
        maxItems: 8,
      }),
    ),
    pixelMm: Type.Optional(
      Type.Number({
        description: 'Side of a square pixel in the object plane, mm.',
        minimum: 0.01,
        maximum: 100,
      }),
    ),
    planes: Type.Optional(
      Type.Array(Type.Enum(['high', 'low']), {
        description: 'Which energy each plane of the file is, in its order.',
        minItems: 1,
        maxItems: 2,
      }),
    ),
    airLevel: Type.Optional(
      Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 65_535 }), {
        description: 'Sample that stands for nothing in the beam, one a plane, or one for all.',
        minItems: 1,
        maxItems: 2,
      }),
    ),
    darkLevel: Type.Optional(
      Type.Array(Type.Number({ minimum: 0, maximum: 65_535 }), {
        description: 'Sample without beam, one a plane, or one for all; 0 where it was taken off already.',
        minItems: 1,
        maxItems: 2,
      }),
    ),
    calibration: Type.Optional(
      Type.Enum(['good', 'stale', 'missing'], {
        description:
          'Whether dark and air were measured, and recently; not said: missing, and models abstain.',
      }),
    ),
    inverted: Type.Optional(
      Type.Boolean({ description: 'A higher sample means less transmission; absent: as the file says.' }),
    ),
    transposed: Type.Optional(
      Type.Boolean({ description: 'A row of the file is one moment of the scan, not one detector element.' }),
    ),
    speedMps: Type.Optional(Type.Number({ description: 'Speed of the object, m/s.', minimum: 0 })),
  },
  { description: 'What is known of a scan beside its samples.', additionalProperties: false },
);
export type ScanFileFacts = Static<typeof ScanFileFacts>;

/** Largest side-car, bytes. */
export const maxSideCarBytes = 1_000_000;

/** What a side-car says, or what is wrong with it. */
export function readSideCar(bytes: Uint8Array): ScanFileFacts | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : 'no JSON' };
  }
  const wrong = findings(ScanFileFacts, value, 'sideCar');
  return wrong.length > 0 ? { wrong: problemsText(wrong) } : (value as ScanFileFacts);
}
