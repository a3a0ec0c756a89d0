import { isCode, type Outcome, type Source } from './source.ts';

/** Lines that no file of code goes over. */
export const hardLimit = 400;
/** What the median may be at most: one idea a file is about a hundred lines. */
export const medianLimit = 120;

const isSized = (path: string): boolean =>
  (isCode(path) || path.endsWith('.css')) && !/(^|\/)(generated|frames)\//.test(path);

const linesOf = (text: string): number => text.trimEnd().split('\n').length;

export function checkSizes(files: readonly Source[]): Outcome & { readonly median: number } {
  const sized = files
    .filter(({ path }) => isSized(path))
    .map(({ path, text }) => ({ path, lines: linesOf(text) }));
  const order = sized.map(({ lines }) => lines).sort((a, b) => a - b);
  return {
    checked: sized.length,
    median: order[Math.floor(order.length / 2)] ?? 0,
    violations: sized
      .filter(({ lines }) => lines > hardLimit)
      .map(({ path, lines }) => ({
        path,
        line: lines,
        message: `${lines} lines, over ${hardLimit}: split it by idea`,
      })),
  };
}
