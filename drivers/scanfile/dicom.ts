import dicomParser, { type DataSet } from 'dicom-parser';
import { faults } from '../faults.ts';
import { dicomAttributes, dicomFacts } from './dicom-facts.ts';
import { type Limits, type Plane, type Read, tooLarge } from './whole.ts';
import { wordsOf } from './words.ts';

/** Transfer syntaxes whose samples lie as they are: implicit and explicit VR, little-endian. */
const plain = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];

const refuse = (detail: string) => faults.problem('scanfile.kind', { form: 'DICOM', detail });

/** Where the samples are, and how they lie (PS3.3 C.7.6.3). */
interface PixelLayout {
  readonly at: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly slices: number;
  readonly bits: number;
  readonly shift: number;
  readonly signed: boolean;
}

/**
 * One image of part 10: rows, columns, bits and frames as the public standard has them. DICOS files are built the same
 * way; their own modules (threat reports, objects of inspection) are not read.
 */
export function readDicom(bytes: Uint8Array, limits: Limits): Read {
  try {
    // Looked at first: the parser would unpack a deflated file without bound.
    const syntax = dicomParser.readPart10Header(bytes).string('x00020010')?.trim() ?? '';
    if (!plain.includes(syntax)) return refuse(`transfer syntax ${syntax || 'unknown'}`);
    return scanOf(dicomParser.parseDicom(bytes), limits);
  } catch (error) {
    const said = typeof error === 'string' ? error : error instanceof Error ? error.message : undefined;
    return faults.problem('scanfile.form', { form: 'DICOM', detail: said ?? exceptionText(error) });
  }
}

/** The parser throws objects of its own. */
const exceptionText = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'exception' in error ? String(error.exception) : 'unknown';

function layoutOf(set: DataSet): PixelLayout | string {
  const pixels = set.elements.x7fe00010;
  if (!pixels) return 'no pixel data';
  const allocated = set.uint16('x00280100');
  const stored = set.uint16('x00280101') ?? allocated;
  const high = set.uint16('x00280102') ?? (stored ?? 1) - 1;
  if ((set.uint16('x00280002') ?? 1) !== 1) return 'several samples a pixel';
  if (allocated !== 16 || stored === undefined || stored < 1 || stored > 16 || high > 15 || high < stored - 1)
    return `${allocated} bits allocated, ${stored} stored`;
  return {
    at: pixels.dataOffset,
    length: pixels.length,
    width: set.uint16('x00280011') ?? 0,
    height: set.uint16('x00280010') ?? 0,
    slices: Number(set.string('x00280008') ?? 1),
    bits: stored,
    shift: high + 1 - stored,
    signed: set.uint16('x00280103') === 1,
  };
}

function scanOf(set: DataSet, limits: Limits): Read {
  const layout = layoutOf(set);
  if (typeof layout === 'string') return refuse(layout);
  const { width, height, slices, bits, signed } = layout;
  const detail = tooLarge({ width, height, planes: 1, slices }, limits);
  if (detail !== undefined) return faults.problem('scanfile.toolarge', { detail });
  const needed = width * height * slices * 2;
  if (layout.length < needed || layout.at + needed > set.byteArray.length)
    return faults.problem('scanfile.cut', { detail: `${layout.length} of ${needed} bytes of samples` });

  const ct = set.string('x00080060')?.trim() === 'CT';
  return {
    form: 'dicom',
    width,
    height,
    bits,
    slices: Array.from({ length: slices }, (_, slice): Plane[] => [
      { name: ct ? 'ct' : 'high', samples: samplesOf(set, layout, slice) },
    ]),
    view: ct ? 'slice' : 'dr',
    facts: dicomFacts(set),
    inverted: set.string('x00280004')?.trim() === 'MONOCHROME1',
    ownScale: ct,
    attributes: { dicom: dicomAttributes(set, signed ? 2 ** (bits - 1) : 0) },
    messages: [],
  };
}

/** Signed samples are moved up by half the range, which the intercept of the attributes takes off again. */
function samplesOf(set: DataSet, layout: PixelLayout, slice: number): Uint16Array {
  const { width, height, bits, shift, signed, at } = layout;
  const count = width * height;
  const { byteArray } = set;
  const mask = 2 ** bits - 1;
  const flip = signed ? 2 ** (bits - 1) : 0;
  const from = at + slice * count * 2;
  const samples = wordsOf(byteArray.subarray(from, from + count * 2), true);
  if (bits === 16 && flip === 0) return samples;
  for (let i = 0; i < count; i++) samples[i] = (((samples[i] as number) >> shift) & mask) ^ flip;
  return samples;
}
