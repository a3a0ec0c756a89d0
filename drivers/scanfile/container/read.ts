import { createHash } from 'node:crypto';
import { findings } from '#flows/lint/schema';
import type { MessageOf } from '#flows/message';
import { faults } from '../../faults.ts';
import { problemsText } from '../text.ts';
import { type Limits, type Plane, type Read, tooLarge } from '../whole.ts';
import { wordsOf } from '../words.ts';
import { ContainerHeader, headBytes, maxHeaderBytes } from './header.ts';

const wrong = (detail: string) => faults.problem('scanfile.form', { form: 'scan container', detail });

/** A scan container, every plane checked against its digest. */
export function readContainer(bytes: Uint8Array, limits: Limits): Read {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < headBytes) return faults.problem('scanfile.cut', { detail: 'no header' });
  const headerBytes = view.getUint32(8, true);
  if (headerBytes > maxHeaderBytes) return wrong(`a header of ${headerBytes} bytes`);
  if (bytes.length < headBytes + headerBytes)
    return faults.problem('scanfile.cut', { detail: 'half a header' });
  let header: ContainerHeader;
  try {
    const json = new TextDecoder('utf-8', { fatal: true }).decode(
      bytes.subarray(headBytes, headBytes + headerBytes),
    );
    header = JSON.parse(json) as ContainerHeader;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : 'its header is no JSON');
  }
  const found = findings(ContainerHeader, header, 'header');
  return found.length > 0
    ? wrong(problemsText(found))
    : scanOf(bytes, headBytes + headerBytes, header, limits);
}

function scanOf(bytes: Uint8Array, start: number, header: ContainerHeader, limits: Limits): Read {
  const { width, height, view, facts, planes: described, declaration, version: _, ...rest } = header;
  const detail = tooLarge({ width, height, planes: described.length, slices: 1 }, limits);
  if (detail !== undefined) return faults.problem('scanfile.toolarge', { detail });
  const needed = described.reduce((sum, { bits }) => sum + (width * height * bits) / 8, start);
  if (bytes.length < needed)
    return faults.problem('scanfile.cut', { detail: `${bytes.length} of ${needed} bytes` });
  if (bytes.length > needed) return wrong(`${bytes.length - needed} bytes behind the last plane`);

  const intensities: Plane[] = [];
  let at = start;
  for (const { name, kind, bits, sha256 } of described) {
    const raw = bytes.subarray(at, at + (width * height * bits) / 8);
    at += raw.length;
    if (createHash('sha256').update(raw).digest('hex') !== sha256)
      return faults.problem('scanfile.digest', { plane: name });
    if (kind === 'intensity') intensities.push({ name, samples: samplesOf(raw, bits) });
  }
  if (intensities.length === 0) return wrong('no plane of intensity');
  return {
    form: 'container',
    width,
    height,
    bits: Math.max(...described.filter(({ kind }) => kind === 'intensity').map(({ bits }) => bits)),
    slices: [intensities],
    ...(view === undefined ? {} : { view }),
    facts,
    inverted: false,
    ownScale: false,
    attributes: { container: rest },
    messages: declaration ? [declared(declaration, facts.started)] : [],
  };
}

function samplesOf(raw: Uint8Array, bits: 8 | 16): Uint16Array {
  if (bits === 8) return new Uint16Array(raw);
  return wordsOf(raw, true);
}

const declared = (
  declaration: NonNullable<ContainerHeader['declaration']>,
  time: string | undefined,
): MessageOf<'declaration'> => ({
  ...(declaration as MessageOf<'declaration'>),
  kind: 'declaration',
  ...(time === undefined ? {} : { time }),
  quality: 'good',
  attributes: {},
});
