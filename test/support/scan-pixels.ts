import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfig } from '#drivers/config';
import type { Framed } from '#drivers/driver';
import { linescanCodec } from '#drivers/linescan/codec';
import { type LinescanConfig, linescanAbout } from '#drivers/linescan/config';
import { PlainScans } from '#drivers/transport/plain-scans';
import { airLevel, type FrameMessage, type ScanAttributes, scanOf } from '#flows/scan';
import { lowExponent, wedge } from './scan-lines.ts';

/** One scan as its strips and its file have it. */
export class ScanPicture {
  readonly frames: readonly FrameMessage[];
  readonly samples: Uint16Array;

  constructor(frames: readonly FrameMessage[], samples: Uint16Array) {
    this.frames = frames;
    this.samples = samples;
  }

  get rows(): number {
    return this.frames[0]?.height ?? 0;
  }

  get planes(): number {
    return this.frames[0]?.planes.length ?? 0;
  }

  get columns(): number {
    return this.samples.length / (this.rows * this.planes);
  }

  get last(): ScanAttributes {
    return attributesOf(this.frames.at(-1));
  }

  /** Transmission. */
  at(column: number, row: number, plane = 0): number {
    return (this.samples[(column * this.planes + plane) * this.rows + row] as number) / airLevel;
  }

  /** Mean over columns `from` to before `to`. */
  mean(from: number, to: number, row: number, plane = 0): number {
    let sum = 0;
    for (let column = from; column < to; column++) sum += this.at(column, row, plane);
    return sum / (to - from);
  }
}

export const attributesOf = (frame: FrameMessage | undefined): ScanAttributes =>
  (frame && scanOf(frame)) as ScanAttributes;

/** How far the picture of the wedge is from what the wedge is, relative, at worst; beside its edges. */
export function worstOf(picture: ScanPicture, from = 0): number {
  const truth = wedge(picture.rows);
  let worst = 0;
  for (let column = 0; column < picture.columns; column++) {
    const mm = (from + column + 0.5) * 5;
    if (Math.abs(mm - Math.round(mm / 100) * 100) < 12.5) continue;
    for (let row = 0; row < picture.rows; row++) {
      const high = truth(mm, row);
      worst = Math.max(worst, Math.abs(picture.at(column, row) / high - 1));
      if (picture.planes > 1)
        worst = Math.max(worst, Math.abs(picture.at(column, row, 1) / high ** lowExponent - 1));
    }
  }
  return worst;
}

export interface Scanned {
  readonly scans: ReadonlyMap<string, ScanPicture>;
  readonly frames: readonly FrameMessage[];
  readonly codes: readonly string[];
}

export function linescanConfig(given: Partial<LinescanConfig> = {}): LinescanConfig {
  const checked = checkConfig(
    { ...linescanAbout, load: () => Promise.reject(new Error('Not needed.')) },
    given,
    true,
  );
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  return checked.config as LinescanConfig;
}

/** The pictures that were written into a folder for these frames. */
export function picturesIn(folder: string, frames: readonly FrameMessage[]): Map<string, ScanPicture> {
  const scans = new Map<string, FrameMessage[]>();
  for (const frame of frames) scans.set(frame.scan ?? '', [...(scans.get(frame.scan ?? '') ?? []), frame]);
  return new Map(
    [...scans].map(([id, own]) => {
      const bytes = readFileSync(join(folder, `${id}.u16`));
      return [id, new ScanPicture(own, new Uint16Array(new Uint8Array(bytes).buffer))];
    }),
  );
}

/** Runs bytes, in the pieces that they come in, through the codec into files. */
export function scanned(pieces: Iterable<Uint8Array>, given: Partial<LinescanConfig> = {}): Scanned {
  const folder = mkdtempSync(join(tmpdir(), 'linescan-'));
  try {
    const codec = linescanCodec(linescanConfig(given), new PlainScans(folder));
    const framer = codec.framer();
    const scanner = codec.initial();
    const frames: FrameMessage[] = [];
    const codes: string[] = [];
    const take = (framed: readonly Framed<Parameters<typeof codec.decode>[0]>[]) => {
      for (const item of framed) {
        const decoded = 'problem' in item ? item : codec.decode(item.frame);
        if ('problem' in decoded) codes.push(decoded.problem.code);
        else
          for (const part of decoded.parts)
            frames.push(...(codec.assemble(scanner, part, 0)[1] as FrameMessage[]));
      }
    };
    for (const piece of pieces) take(framer.push(piece));
    take(framer.end());
    const [, rest, problems] = codec.expire(scanner, Number.POSITIVE_INFINITY);
    frames.push(...(rest as FrameMessage[]));
    codes.push(...problems.map(({ code }) => code));
    return { frames, codes, scans: picturesIn(folder, frames) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
