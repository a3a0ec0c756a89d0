import { type Static, Type } from 'typebox';
import { IsoTime } from './message.ts';
import { ScanAttributes, ScanEnd } from './scan.ts';

/** `data` of the events of scans, `quaywatch.scan.*`: what a box says of a scan and a hub keeps of it. */
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ description, minimum: 0 });
const { scanner, energiesMv, pixelMm, airLevel, started, lines, calibration, badPixels } =
  ScanAttributes.properties;

const scan = text('Identity of the scan, unique on its box.');
const what = {
  scan,
  device: Type.Optional(text('Device that scanned.')),
  scanner,
  rows: count('Detector elements, pixels.'),
  planes: Type.Array(Type.String(), { description: 'Names of the planes.' }),
  energiesMv,
  pixelMm,
  airLevel,
  started,
};

/** `quaywatch.scan.started`: lines of a scan come. */
export const ScanStarted = Type.Object(what);
export type ScanStarted = Static<typeof ScanStarted>;

/** `quaywatch.scan.completed`: no more lines come and the scan is a file, or could not be kept. */
export const ScanCompleted = Type.Object({
  ...what,
  ended: IsoTime,
  end: ScanEnd,
  columns: count('Columns of the scan that are kept, pixels.'),
  came: Type.Optional(count('Columns that came, where not all of them could be kept.')),
  lines: Type.Optional(lines),
  calibration: Type.Optional(calibration),
  badPixels: Type.Optional(badPixels),
  bytes: Type.Optional(count('Bytes of the stored file; absent when the scan could not be kept.')),
  sha256: Type.Optional(text('SHA-256 of the stored file, hex.')),
  thumbnail: Type.Optional(
    Type.Object(
      { type: text('Media type, image/webp or image/png.'), data: text('The picture, base64.') },
      { description: 'A small picture of at most 20 kB.' },
    ),
  ),
});
export type ScanCompleted = Static<typeof ScanCompleted>;

/** `quaywatch.scan.evicted`: the box has given up the pixels of a scan. */
export const ScanEvicted = Type.Object({
  scan,
  reason: Type.Enum(['age', 'budget', 'damaged'], { description: 'Why it is gone.' }),
  bytes: count('Bytes that were freed.'),
});
export type ScanEvicted = Static<typeof ScanEvicted>;

const Region = Type.Object(
  {
    column: Type.Number({ description: 'First column, pixels of the scan.' }),
    row: Type.Number({ description: 'First row, pixels of the scan.' }),
    columns: Type.Number({ description: 'Columns.' }),
    rows: Type.Number({ description: 'Rows.' }),
  },
  { description: 'Where in the scan.' },
);

/** A finding as a verdict carries it. */
export const ScanFinding = Type.Object({
  label: text('What is claimed.'),
  score: Type.Number({ description: 'Calibrated score, 0..1.', minimum: 0, maximum: 1 }),
  model: text('Bundle id.'),
  modelVersion: text('Bundle version.'),
  signed: Type.Optional(
    Type.Boolean({ description: 'False (the default) for a bundle that nobody signed.' }),
  ),
  threshold: Type.Optional(Type.Number({ description: 'Score from which it counts.' })),
  region: Type.Optional(Region),
  evidence: Type.Optional(Type.Unknown({ description: 'What the claim rests on.' })),
});
export type ScanFinding = Static<typeof ScanFinding>;

/** `quaywatch.scan.verdict`: what is concluded of a scan; `subject` of the event is the object, once known. */
export const ScanVerdict = Type.Object({
  scan,
  outcome: Type.Enum(['clear', 'suspect', 'none'], {
    description: 'Conclusion; none is never shown as clear.',
  }),
  confidence: Type.Number({ description: 'Confidence, 0..1.', minimum: 0, maximum: 1 }),
  reasons: Type.Array(Type.String(), { description: 'Why, in words.' }),
  findings: Type.Array(ScanFinding, { description: 'Findings that it rests on.' }),
  simulationValidated: Type.Optional(
    Type.Boolean({ description: 'Set for models that were validated on simulated scans alone.' }),
  ),
  models: Type.Optional(
    Type.Array(
      Type.Object({
        id: text('Bundle id.'),
        version: text('Bundle version.'),
        sha256: Type.Optional(text('SHA-256 of the model, hex.')),
        signed: Type.Boolean({ description: 'Whether the bundle is signed.' }),
        threshold: Type.Optional(Type.Number({ description: 'Threshold in force.' })),
        provider: Type.Optional(text('What it ran on.')),
      }),
      { description: 'Models that looked at it.' },
    ),
  ),
  declaration: Type.Optional(
    Type.Object(
      {
        id: text('Number of the declaration.'),
        conveyance: Type.Optional(text('Vehicle, vessel or container.')),
        goods: Type.Array(
          Type.Object({
            hs: text('Harmonized System code.'),
            description: text('Goods as described.'),
            weightKg: Type.Optional(Type.Number({ description: 'Weight, kg.' })),
            origin: Type.Optional(text('Country of origin, ISO 3166.')),
          }),
          { description: 'Lines of goods.' },
        ),
      },
      { description: 'What was declared for the object.' },
    ),
  ),
});
export type ScanVerdict = Static<typeof ScanVerdict>;
