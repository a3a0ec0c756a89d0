import type { Framed, Framer } from '../driver.ts';
import { faults } from '../faults.ts';

/** One picture: rows from the top, in a row from left to right, the planes of a pixel side by side. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly planes: 1 | 3;
  readonly bits: 8 | 16;
  /** 16-bit samples have their high byte first, as PNM has it. */
  readonly bytes: Uint8Array;
}

/** Header of a binary PGM or PPM, and what can still become one. */
const header = /^P([56])\s(\d{1,5})\s(\d{1,5})\s(255|65535)\s$/;
const beginning = /^P(?:[56](?:\s(?:\d{1,5}(?:\s(?:\d{1,5}(?:\s(?:\d{1,5})?)?)?)?)?)?)?$/;
const letterP = 0x50;

export interface PnmOptions {
  readonly maxWidth: number;
  readonly maxHeight: number;
}

export const maxPictureBytes = ({ maxWidth, maxHeight }: PnmOptions): number => maxWidth * maxHeight * 6;

/** Pictures out of a stream of PGM and PPM, as decoders write them to a pipe. Each is gathered once, in its own memory. */
export function pnmFramer(options: PnmOptions): Framer<Picture> {
  // Noise that does not end is told so often.
  const noiseReportBytes = maxPictureBytes(options);
  let head = '';
  let noise = 0;
  let picture: Picture | undefined;
  let filled = 0;

  const problem = (out: Framed<Picture>[], told: ReturnType<typeof faults.problem>) =>
    out.push({ problem: told, bytes: new Uint8Array() });
  const tellNoise = (out: Framed<Picture>[]) => {
    if (noise > 0) problem(out, faults.problem('camera.noise', { bytes: noise }));
    noise = 0;
  };
  const addNoise = (out: Framed<Picture>[], bytes: number) => {
    for (let left = bytes; left > 0; ) {
      const part = Math.min(left, noiseReportBytes - noise);
      noise += part;
      left -= part;
      if (noise === noiseReportBytes) tellNoise(out);
    }
  };
  /** The header is whole. */
  const begin = (out: Framed<Picture>[], found: RegExpExecArray) => {
    const [width, height] = [Number(found[2]), Number(found[3])];
    tellNoise(out);
    head = '';
    if (width < 1 || height < 1 || width > options.maxWidth || height > options.maxHeight) {
      problem(out, faults.problem('camera.toolarge', { width, height }));
      return;
    }
    const planes = found[1] === '6' ? 3 : 1;
    const bits = found[4] === '255' ? 8 : 16;
    const bytes = Buffer.allocUnsafeSlow((width * height * planes * bits) / 8);
    picture = { width, height, planes, bits, bytes };
    filled = 0;
  };
  const readHead = (out: Framed<Picture>[], byte: number) => {
    head += String.fromCharCode(byte);
    const found = header.exec(head);
    if (found) return begin(out, found);
    // What cannot become a header is noise up to the next place where one may begin.
    while (head !== '' && !beginning.test(head)) {
      const next = head.indexOf('P', 1);
      addNoise(out, next < 0 ? head.length : next);
      head = next < 0 ? '' : head.slice(next);
    }
  };
  return {
    push(bytes) {
      const out: Framed<Picture>[] = [];
      for (let at = 0; at < bytes.length; ) {
        if (picture) {
          const piece = bytes.subarray(at, at + picture.bytes.length - filled);
          picture.bytes.set(piece, filled);
          filled += piece.length;
          at += piece.length;
          if (filled < picture.bytes.length) break;
          out.push({ frame: picture });
          picture = undefined;
        } else if (head === '' && bytes[at] !== letterP) {
          const next = bytes.indexOf(letterP, at);
          const end = next < 0 ? bytes.length : next;
          addNoise(out, end - at);
          at = end;
        } else readHead(out, bytes[at++] as number);
      }
      return out;
    },
    end() {
      const out: Framed<Picture>[] = [];
      addNoise(out, head.length);
      tellNoise(out);
      if (picture) problem(out, faults.problem('camera.cut'));
      head = '';
      picture = undefined;
      return out;
    },
  };
}
