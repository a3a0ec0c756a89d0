import { type Static, Type } from 'typebox';
import { Declaration } from '#flows/message';
import { ScanFileFacts } from '../facts.ts';

/**
 * The scan container of Quaywatch, `.qwscan`: one file with all that is known of a scan, by the concerns that the WCO's
 * Unified File Format is publicly said to have. The UFF's own bytes are not public: this is not UFF and does not claim
 * to be.
 *
 *     0   8  mark `QWSCANF1`
 *     8   4  length of the header, u32, little-endian
 *    12   n  header, JSON in UTF-8 (`ContainerHeader`)
 *         m  the planes, in the header's order, without anything between: unsigned samples of 8 or 16 bits,
 *            little-endian, row after row from the top
 *
 * Every plane has its SHA-256 in the header; nothing follows the last one.
 */
export const mark = Buffer.from('QWSCANF1');
export const headBytes = 12;
export const maxHeaderBytes = 1_000_000;

const text = (description: string) => Type.String({ description, maxLength: 2000 });
const open = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

export const PlaneHeader = Type.Object({
  name: Type.String({ description: 'high, low, or material.', minLength: 1, maxLength: 100 }),
  kind: Type.Enum(['intensity', 'material'], { description: 'Samples, or classes of a material map.' }),
  bits: Type.Enum([8, 16], { description: 'Bits of a sample.' }),
  sha256: Type.String({ description: 'Of its bytes, hexadecimal.', pattern: '^[0-9a-f]{64}$' }),
});
export type PlaneHeader = Static<typeof PlaneHeader>;

const Box = Type.Object(
  {
    column: Type.Number({ description: 'First column.' }),
    row: Type.Number({ description: 'First row.' }),
    columns: Type.Number({ description: 'Columns.' }),
    rows: Type.Number({ description: 'Rows.' }),
  },
  { description: 'Where, pixels.' },
);

export const ContainerHeader = Type.Object({
  version: Type.Literal(1, { description: 'Of this form.' }),
  width: Type.Integer({ description: 'Columns, pixels.', minimum: 1, maximum: 1_000_000 }),
  height: Type.Integer({ description: 'Rows, pixels.', minimum: 1, maximum: 16_384 }),
  view: Type.Optional(
    Type.Enum(['side', 'top', 'slice', 'dr', 'belt'], { description: 'Which view of the object it is.' }),
  ),
  facts: ScanFileFacts,
  planes: Type.Array(PlaneHeader, { description: 'Planes, in order.', minItems: 1, maxItems: 8 }),
  system: Type.Optional(open('The scanner: maker, model, serial number, software.')),
  acquisition: Type.Optional(open('How it was scanned: operator, mode, dose, direction.')),
  geometry: Type.Optional(open('Source, detectors and object, mm.')),
  materialClasses: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'Meaning of the samples of a material map.' }),
  ),
  annotations: Type.Optional(
    Type.Array(
      Type.Object({
        author: Type.Optional(text('Who says so.')),
        text: text('What is said.'),
        region: Type.Optional(Box),
      }),
      { description: 'What people marked.', maxItems: 10_000 },
    ),
  ),
  atr: Type.Optional(
    Type.Array(
      Type.Object({
        manufacturer: Type.Optional(text('Of the algorithm.')),
        version: Type.Optional(text('Of the algorithm.')),
        decision: Type.Enum(['alarm', 'clear', 'unknown'], { description: 'What it decided.' }),
        objects: Type.Array(
          Type.Object({
            category: text('What it takes it for.'),
            probability: Type.Optional(Type.Number({ description: '0..1.', minimum: 0, maximum: 1 })),
            region: Type.Optional(Box),
          }),
          { description: 'What it found.', maxItems: 10_000 },
        ),
      }),
      { description: 'Results of automatic recognition.', maxItems: 100 },
    ),
  ),
  rpm: Type.Optional(open('What a radiation portal said of the same object.')),
  declaration: Type.Optional(
    Type.Omit(Declaration, ['kind', 'device', 'time', 'received', 'quality', 'attributes']),
  ),
});
export type ContainerHeader = Static<typeof ContainerHeader>;
