import { createHash } from 'node:crypto';
import type { Problem } from '#flows/fault';
import type { ScanStore } from '#flows/scan';
import type { Codec } from '../driver.ts';
import { faults } from '../faults.ts';
import type { ScanfileConfig } from './config.ts';
import { readContainer } from './container/read.ts';
import { readDicom } from './dicom.ts';
import { readSideCar, type ScanFileFacts } from './facts.ts';
import { fileFramer } from './frame.ts';
import { giveScan } from './give.ts';
import { readRaw } from './raw.ts';
import { readTiff } from './tiff/tiff.ts';
import { type File, isProblem, type Read, type WholeScan } from './whole.ts';

/** A scan with the digest of its file. */
interface ScanPart {
  readonly whole: WholeScan;
  readonly facts: ScanFileFacts;
  readonly sha256: string;
}

/** What is known of one file beside its bytes. */
export interface Beside {
  readonly sideCar?: Uint8Array;
  /** When it was written, ISO 8601. */
  readonly written?: string;
}

function read({ form, bytes }: File, config: ScanfileConfig): Read {
  const limits = { maxSamples: config.maxSamples };
  if (form === 'tiff') return readTiff(bytes, limits);
  if (form === 'dicom') return readDicom(bytes, limits);
  if (form === 'container') return readContainer(bytes, limits);
  if (config.raw) return readRaw(bytes, config.raw, limits);
  return faults.problem('scanfile.facts', { detail: 'how raw samples lie is not told: set `raw`' });
}

/** Why facts do not fit the planes of a scan. */
function misfit({ planes, airLevel, darkLevel }: ScanFileFacts, { slices }: WholeScan): string | undefined {
  const has = slices[0]?.length ?? 0;
  if (planes && (planes.length !== has || new Set(planes).size !== has))
    return `planes are ${planes.join(', ')} of ${has}`;
  for (const levels of [airLevel, darkLevel])
    if (levels && levels.length !== 1 && levels.length !== has)
      return `${levels.length} levels for ${has} planes`;
  return undefined;
}

/** Whole files to frames, whose pixels go into `scans`. All of a file is taken, or nothing. */
export function scanfileCodec(
  config: ScanfileConfig,
  scans: ScanStore,
  beside: Beside = {},
): Codec<File, ScanPart, Problem[]> {
  const sideCar = beside.sideCar ? readSideCar(beside.sideCar) : {};
  const framer = () =>
    fileFramer({
      ...(config.form === undefined ? {} : { form: config.form }),
      raw: config.raw !== undefined,
      maxBytes: config.maxScanBytes,
    });
  return {
    maxFrameBytes: config.maxScanBytes,
    framer,
    fromHex(bytes) {
      const file = framer();
      return [...file.push(bytes), ...file.end()];
    },
    decode(file) {
      if ('wrong' in sideCar) return { problem: faults.problem('scanfile.facts', { detail: sideCar.wrong }) };
      const whole = read(file, config);
      if (isProblem(whole)) return { problem: whole };
      const facts = { ...config.facts, ...whole.facts, ...sideCar };
      const detail = misfit(facts, whole);
      if (detail !== undefined) return { problem: faults.problem('scanfile.facts', { detail }) };
      return { parts: [{ whole, facts, sha256: createHash('sha256').update(file.bytes).digest('hex') }] };
    },
    initial: () => [],
    assemble(problems, { whole, facts, sha256 }) {
      const { written } = beside;
      const given = giveScan(whole, facts, {
        config,
        scans,
        sha256,
        ...(written === undefined ? {} : { written }),
      });
      if (Array.isArray(given)) return [problems, given];
      return [[...problems, given], []];
    },
    expire: (problems) => [[], [], problems],
    deadline: (problems) => (problems.length > 0 ? 0 : undefined),
  };
}
