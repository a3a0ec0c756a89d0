import { faults } from '../../faults.ts';
import { type Limits, type Plane, type Read, tooLarge } from '../whole.ts';
import { type Directory, readDirectories, tag } from './directory.ts';
import { type Page, pageOf, samplesOfPage } from './page.ts';

const names = ['high', 'low'];

/** A reduced picture of another page is no plane of the scan. */
const isReduced = (fields: Directory): boolean => ((fields.get(tag.subfileType)?.[0] ?? 0) & 1) === 1;

/** A TIFF file of one or two energies: two pages, or two samples a pixel. */
export function readTiff(bytes: Uint8Array, limits: Limits): Read {
  try {
    return scanOfTiff(bytes, limits);
  } catch (error) {
    const detail = error instanceof Error ? error.message : '?';
    if (/outside the bounds|behind its end|unexpected end/.test(detail))
      return faults.problem('scanfile.cut', { detail: `what it points to is not there (${detail})` });
    return faults.problem('scanfile.form', { form: 'TIFF', detail });
  }
}

function scanOfTiff(bytes: Uint8Array, limits: Limits): Read {
  const found = readDirectories(bytes);
  if (!found) return faults.problem('scanfile.kind', { form: 'TIFF', detail: 'no classic TIFF' });
  const pages: Page[] = [];
  for (const fields of found.pages.filter((page) => !isReduced(page))) {
    const page = pageOf(fields);
    if ('unread' in page) return faults.problem('scanfile.kind', { form: 'TIFF', detail: page.unread });
    pages.push(page);
  }
  const [first] = pages;
  const planes = pages.reduce((sum, { samples }) => sum + samples, 0);
  if (!first || planes > 2)
    return faults.problem('scanfile.kind', {
      form: 'TIFF',
      detail: `${planes} planes, where one or two are read`,
    });
  const { width, height, bits, inverted } = first;
  const detail = tooLarge({ width, height, planes, slices: 1 }, limits);
  if (detail !== undefined) return faults.problem('scanfile.toolarge', { detail });
  if (pages.some((page) => page.width !== width || page.height !== height || page.bits !== bits))
    return faults.problem('scanfile.form', { form: 'TIFF', detail: 'its pages have unequal sizes' });

  const slice: Plane[] = pages
    .flatMap((page) => samplesOfPage(bytes, page, found.little))
    .map((samples, index) => ({ name: names[index] as string, samples }));
  return {
    form: 'tiff',
    width,
    height,
    bits,
    slices: [slice],
    facts: {},
    inverted,
    ownScale: false,
    attributes: {},
    messages: [],
  };
}
