import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { folderFields } from '../folder-fields.ts';
import { ScanFileFacts } from './facts.ts';
import { RawLayout } from './raw.ts';

const { settleSeconds } = folderFields;

export const ScanfileConfig = Type.Object(
  {
    folder: Type.String({
      description: `Folder that the scanner drops files into; each is moved to \`done\` below it when it is committed, or to \`failed\` when nothing of it could be used. A folder that an SFTP server writes to is one. Names that end in \`.part\` or \`.tmp\`, or begin with a dot, are left alone.`,
      minLength: 1,
    }),
    settleSeconds,
    sideCarSeconds: Type.Number({
      description:
        'How long a file waits for its side-car, `NAME.json`, which says what the file lacks (`facts`), seconds; 0 where there is none.',
      default: 0,
      minimum: 0,
      maximum: 3600,
    }),
    endings: Type.Array(Type.String({ pattern: '^\\.[A-Za-z0-9]{1,16}$' }), {
      description: 'Endings of the names that are scans; others are left alone.',
      default: ['.tif', '.tiff', '.dcm', '.dcs', '.dicos', '.raw', '.img', '.qwscan'],
      minItems: 1,
    }),
    form: Type.Optional(
      Type.Enum(['tiff', 'raw', 'dicom', 'container'], {
        description:
          'Form of the files; absent: told by their first bytes, raw where none is and `raw` is given. DICOM is read by its public parts 3, 5 and 10 (implicit and explicit little-endian, 16 bits allocated); DICOS images so far as they are built alike: its own text was not at hand, and its threat reports are not read. The container is our own (`.qwscan`): it has the concerns that the WCO’s UFF is publicly said to have, is no UFF, and conforms to none.',
      }),
    ),
    raw: Type.Optional(RawLayout),
    facts: {
      ...ScanFileFacts,
      description: 'What is known of every scan of this folder; a side-car stands above it.',
      default: {},
    },
    view: Type.Enum(['side', 'top', 'slice', 'dr', 'belt'], {
      description: 'Which view of the object it is, where the file does not say.',
      default: 'side',
    }),
    stripColumns: Type.Integer({
      description: 'Columns of a strip that is handed on; a slice of a volume is always one frame.',
      default: 64,
      minimum: 8,
      maximum: 4096,
    }),
    maxScanBytes: Type.Integer({
      description: 'A larger file is set aside unread, bytes.',
      default: 300_000_000,
      minimum: 1000,
      maximum: 2_000_000_000,
    }),
    maxSamples: Type.Integer({
      description:
        'A picture with more samples, over all planes and slices, is refused before anything is unpacked.',
      default: 140_000_000,
      minimum: 1000,
      maximum: 1_000_000_000,
    }),
    ...deviceFields,
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the scanner counts as stale, seconds.',
      default: 3600,
      minimum: 1,
      maximum: 864_000,
    }),
  },
  { description: 'Whole scans that a scanner drops as files.', additionalProperties: false },
);
export type ScanfileConfig = Static<typeof ScanfileConfig>;

/** What is known of the driver without its code. */
export const scanfileAbout = {
  type: 'scanfile',
  summary:
    'Whole scans as files in a watched folder: 16-bit TIFF, raw samples by a descriptor, uncompressed DICOM and DICOS images, and the scan container.',
  emits: ['frame', 'declaration'],
  config: ScanfileConfig,
  // A file is read again until all it said is on disk.
  repeats: true,
  pausable: true,
} as const satisfies Omit<DriverEntry, 'load'>;
