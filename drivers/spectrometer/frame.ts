import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';
import { type Cut, scanFramer } from '../scan-framer.ts';
import { looksLikeAsd } from './asd.ts';
import { looksLikeCsv } from './csv.ts';
import { cutFramed, startsFramed } from './framed.ts';
import { looksLikeSpc } from './spc.ts';
import type { Format, Whole } from './spectrum.ts';

export interface FrameOptions {
  /** Absent: told by the first bytes. */
  readonly format?: Format;
  readonly maxBytes: number;
  /** The bytes are those of a file, whose end is the end of the spectrum; else a stream without end. */
  readonly file: boolean;
}

/** What is enough to tell the form by. */
const signBytes = 512;
const title = Buffer.from('##TITLE=');

const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
const startsJcamp = (bytes: Uint8Array) => /^(﻿|ï»¿)?\s*##/.test(latin1(bytes.subarray(0, 64)));

/** The form of a file by its first bytes; undefined: none that is known. */
function formOf(first: Uint8Array): Format | undefined {
  if (first.length > 0 && startsFramed(first, 0)) return 'framed';
  if (startsJcamp(first)) return 'jcamp';
  if (looksLikeAsd(first)) return 'asd';
  if (looksLikeSpc(first)) return 'spc';
  return looksLikeCsv(latin1(first)) ? 'csv' : undefined;
}

/** Spectra out of a file or a stream. */
export function spectrumFramer(options: FrameOptions): Framer<Whole> {
  if (!options.file) return streamFramer(options.maxBytes);
  let first: Uint8Array = new Uint8Array();
  let chosen: Framer<Whole> | undefined;
  const choose = (format: Format | undefined) =>
    format === undefined || format === 'framed'
      ? streamFramer(options.maxBytes)
      : fileFramer(format, options.maxBytes);
  if (options.format !== undefined) chosen = choose(options.format);
  return {
    push(bytes) {
      if (chosen) return chosen.push(bytes);
      first = Buffer.concat([first, bytes]);
      if (first.length < signBytes) return [];
      chosen = choose(formOf(first.subarray(0, signBytes)));
      return chosen.push(first);
    },
    end() {
      if (chosen) return chosen.end();
      if (first.length === 0) return [];
      const framer = choose(formOf(first));
      return [...framer.push(first), ...framer.end()];
    },
  };
}

/** One file, whole at its end. */
function fileFramer(format: Format, maxBytes: number): Framer<Whole> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let told = false;
  return {
    push(bytes) {
      length += bytes.length;
      if (length <= maxBytes) pieces.push(bytes.slice());
      else {
        const [sample] = pieces;
        pieces = [];
        if (!told) {
          told = true;
          return [tooLong(maxBytes, sample)];
        }
      }
      return [];
    },
    end: () => (told || length === 0 ? [] : [{ frame: { format, bytes: Buffer.concat(pieces) } }]),
  };
}

const tooLong = (limit: number, sample: Uint8Array | undefined): Framed<Whole> => ({
  problem: faults.problem('spectrum.toolong', { limit }),
  bytes: sample?.slice(0, 64) ?? new Uint8Array(),
});

/** A JCAMP-DX file at a place of the stream, from its title to the end that belongs to it. */
function cutJcamp(bytes: Uint8Array, at: number, maxBytes: number): Cut<Whole> {
  const sign = Math.min(title.length, bytes.length - at);
  if (!title.subarray(0, sign).equals(bytes.subarray(at, at + sign))) return 'noise';
  if (sign < title.length) return 'more';
  let depth = 0;
  const text = latin1(bytes.subarray(at, at + maxBytes));
  for (const { 0: label, index } of text.matchAll(/##(TITLE|END)=[^\n]*\n?/g)) {
    // The last line may still be growing.
    if (!label.endsWith('\n') && at + index + label.length === bytes.length && !/##END=\s*$/.test(label))
      break;
    depth += label.startsWith('##TITLE') ? 1 : -1;
    if (depth > 0) continue;
    const used = index + label.length;
    return { framed: { frame: { format: 'jcamp', bytes: bytes.slice(at, at + used) } }, used };
  }
  return bytes.length - at >= maxBytes
    ? { framed: tooLong(maxBytes, bytes.subarray(at)), used: title.length }
    : 'more';
}

/** Framed spectra and JCAMP-DX, one after the other; what is neither is noise. */
const streamFramer = (maxBytes: number): Framer<Whole> =>
  scanFramer<Whole>({
    maxFrameBytes: maxBytes,
    cutAt(bytes, at) {
      if (bytes[at] === 0x51) return cutFramed(bytes, at, maxBytes);
      return bytes[at] === 0x23 ? cutJcamp(bytes, at, maxBytes) : 'noise';
    },
    headBytes: 1,
    noise: (bytes) => faults.problem('spectrum.noise', { bytes }),
    cut: () => faults.problem('spectrum.cut', { detail: 'the stream ended' }),
  });
