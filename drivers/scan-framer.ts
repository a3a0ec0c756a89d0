import type { Problem } from '#flows/fault';
import type { Framed, Framer } from './driver.ts';

/** What stands at a place of the stream: a frame (or a spoiled one) of so many bytes, the beginning of one, or none. */
export type Cut<F> = { readonly framed: Framed<F>; readonly used: number } | 'more' | 'noise';

export interface ScanOptions<F> {
  readonly maxFrameBytes: number;
  cutAt(bytes: Uint8Array, at: number): Cut<F>;
  /** A byte between frames that means nothing. */
  readonly idle?: number;
  /** Bytes of a head behind which another frame is looked for when the first never came whole. */
  readonly headBytes: number;
  noise(bytes: number): Problem;
  cut(): Problem;
}

/** Noise that does not end is told so often, bytes. */
const noiseReportBytes = 65_536;

/** A framer for protocols with a head and a length: looks at each place until a frame is found; noise is told once a run. */
export function scanFramer<F>(options: ScanOptions<F>): Framer<F> {
  let held: Uint8Array = new Uint8Array();
  let noise = 0;

  const tellNoise = (out: Framed<F>[], bytes: Uint8Array, upTo: number) => {
    if (noise === 0) return;
    const sample = bytes.slice(Math.max(0, upTo - Math.min(noise, 64)), upTo);
    out.push({ problem: options.noise(noise), bytes: sample });
    noise = 0;
  };
  /** Returns where what is not decided yet begins. */
  const scan = (all: Uint8Array, from: number, out: Framed<F>[]): number => {
    let at = from;
    while (at < all.length) {
      if (all[at] === options.idle && noise === 0) {
        at++;
        continue;
      }
      const cut = options.cutAt(all, at);
      if (cut === 'more') return at;
      if (cut === 'noise') {
        noise++;
        at++;
        if (noise >= Math.max(noiseReportBytes, options.maxFrameBytes)) tellNoise(out, all, at);
        continue;
      }
      tellNoise(out, all, at);
      out.push(cut.framed);
      at += cut.used;
    }
    return at;
  };
  return {
    push(bytes) {
      const out: Framed<F>[] = [];
      let from = 0;
      if (held.length > 0) {
        // What was held is decided by as much as a frame can have; the rest is read where it lies.
        const bridge = Buffer.concat([held, bytes.subarray(0, options.maxFrameBytes)]);
        const at = scan(bridge, 0, out);
        if (at < held.length) {
          held = bridge.slice(at);
          return out;
        }
        from = at - held.length;
      }
      held = bytes.slice(scan(bytes, from, out));
      return out;
    },
    end() {
      const out: Framed<F>[] = [];
      // A head whose frame never came whole may hide whole ones.
      for (let at = 0; at < held.length; ) {
        at = scan(held, at, out);
        tellNoise(out, held, at);
        if (at >= held.length) break;
        out.push({ problem: options.cut(), bytes: held.slice(at) });
        at += options.headBytes;
      }
      tellNoise(out, held, held.length);
      held = new Uint8Array();
      return out;
    },
  };
}
