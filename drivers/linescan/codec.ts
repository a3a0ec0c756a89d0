import type { ScanStore } from '#flows/scan';
import type { Codec } from '../driver.ts';
import { faults } from '../faults.ts';
import type { LinescanConfig } from './config.ts';
import { decodeLine, type LinePart } from './decode.ts';
import { type LineFrame, lineFramer, maxRecordBytes } from './frame.ts';
import { Memories } from './memory.ts';
import { Scanner } from './scanner.ts';

/** Lines to strips, whose pixels go into `scans`. `memories`: what a connection takes over from the one before. */
export function linescanCodec(
  config: LinescanConfig,
  scans: ScanStore,
  memories?: Memories,
): Codec<LineFrame, LinePart, Scanner> {
  return {
    maxFrameBytes: maxRecordBytes,
    framer: lineFramer,
    fromHex(bytes) {
      const framer = lineFramer();
      const framed = [...framer.push(bytes), ...framer.end()];
      return framed.length > 0
        ? framed
        : [{ problem: faults.problem('linescan.noise', { bytes: 0 }), bytes }];
    },
    decode: decodeLine,
    initial: () => new Scanner(config, scans, memories ?? new Memories()),
    assemble: (scanner, part, nowMs) => [scanner, scanner.take(part, nowMs)],
    expire: (scanner, nowMs) => {
      const messages = scanner.expire(nowMs);
      return [scanner, messages, scanner.problems()];
    },
    deadline: (scanner) => scanner.deadline,
  };
}
