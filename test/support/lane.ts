import { encodeLine } from '#drivers/linescan/encode';
import type { RawLine } from '#flows/scan';
import { linesOf, sceneOf } from './scan-lines.ts';

export const scannerId = '00000000000051a1';

/** A container of 3.4 m with a wall, in 140 rows of 10 mm, with a dense load of 0.6 m in it or none; 2 m/s, from `startMs` on. */
export function truck(loaded: boolean, seed = 1, startMs = Date.now()): Generator<RawLine> {
  return linesOf(
    sceneOf({
      startNs: BigInt(startMs) * 1_000_000n,
      elements: 140,
      speedMps: 2,
      lengthMm: 4000,
      seed,
      noise: 0.002,
      transmission(mm, row) {
        if (mm < 300 || mm > 3700 || row < 6) return 1;
        const inLoad = loaded && mm > 2900 && mm < 3500 && row > 60;
        return inLoad ? 0.1 : 0.85;
      },
    }),
  );
}

/** Records of a scan with a name of its own, the last one with its end. */
export const records = (lines: Iterable<RawLine>, scan: string): Buffer[] =>
  Array.from(lines, (line) => encodeLine(line, { scanner: scannerId, scan }));

/** Name of a scan on the wire: 32 hexadecimal digits. */
export const scanName = (n: number): string => n.toString(16).padStart(32, '0');
