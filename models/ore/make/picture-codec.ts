import { spawnSync } from 'node:child_process';
import type { Random } from '../../physics/xray/random.ts';
import type { Picture } from '../picture-cells.ts';

/** How a camera's pictures may come: what ffmpeg is told, and how it wraps the stream. */
export interface Coding {
  readonly name: string;
  readonly encoder: readonly string[];
  readonly format: 'mpegts' | 'mjpeg';
}

/** Qualities that a camera over a belt is set to; what is coarser has lost the ore's grain. */
export function drawCoding(random: Random): Coding | undefined {
  const kind = random.next();
  if (kind < 0.15) return undefined;
  const quality = Math.round(random.between(2, 6));
  if (kind < 0.4)
    return {
      name: `mpeg2 q${quality}`,
      encoder: ['-c:v', 'mpeg2video', '-q:v', `${quality}`],
      format: 'mpegts',
    };
  if (kind < 0.6)
    return { name: `mjpeg q${quality}`, encoder: ['-c:v', 'mjpeg', '-q:v', `${quality}`], format: 'mjpeg' };
  const rate = Math.round(random.between(18, 26));
  // A camera codes as it sees: no picture waits for the next ones.
  const encoder = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-crf', `${rate}`];
  return { name: `h264 crf ${rate}`, encoder, format: 'mpegts' };
}

function packedOf({ width, height, planes, stride = 1 }: Picture): Buffer {
  const out = Buffer.alloc(3 * width * height);
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) out[3 * i + c] = (planes[c] as Uint8Array)[stride * i] as number;
  return out;
}

function ffmpeg(args: readonly string[], input: Buffer): Buffer {
  const { stdout, stderr, error, status } = spawnSync('ffmpeg', ['-loglevel', 'error', ...args, '-'], {
    input,
    maxBuffer: 2 ** 31,
  });
  if (error || status !== 0)
    throw new Error(
      `ffmpeg is needed for pictures as cameras send them (Debian: apt install ffmpeg): ${error?.message ?? stderr}`,
    );
  return stdout;
}

/** The pictures, all of one size, after a real encoder and decoder: as a box gets them from a camera. */
export function coded(pictures: readonly Picture[], { encoder, format }: Coding): Picture[] {
  const [first] = pictures;
  if (!first) return [];
  const { width, height } = first;
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24'];
  const stream = ffmpeg(
    [...raw, '-s', `${width}x${height}`, '-r', '15', '-i', '-', ...encoder, '-f', format],
    Buffer.concat(pictures.map(packedOf)),
  );
  const back = ffmpeg(['-f', format, '-i', '-', ...raw], stream);
  const bytes = 3 * width * height;
  return pictures.map((_, n) => {
    const own = back.subarray(n * bytes, (n + 1) * bytes);
    if (own.length < bytes)
      throw new Error(`ffmpeg gave ${Math.floor(back.length / bytes)} of ${pictures.length} pictures back`);
    return { width, height, planes: [own, own.subarray(1), own.subarray(2)], stride: 3 };
  });
}

/** Pictures of any sizes as cameras send them: so many of one size after each other in a stream, every stream of a coding of its own. */
export function codedAll(pictures: readonly Picture[], random: Random, together = 6): Picture[] {
  const out = [...pictures];
  const bySize = new Map<string, number[]>();
  for (const [i, { width, height }] of pictures.entries())
    bySize.set(`${width}x${height}`, [...(bySize.get(`${width}x${height}`) ?? []), i]);
  for (const places of bySize.values())
    for (let from = 0; from < places.length; from += together) {
      const batch = places.slice(from, from + together);
      const coding = drawCoding(random);
      if (!coding) continue;
      const own = coded(
        batch.map((i) => pictures[i] as Picture),
        coding,
      );
      for (const [k, i] of batch.entries()) out[i] = own[k] as Picture;
    }
  return out;
}
