import type { Interval } from './statistics.ts';

/** Charts as SVG text, for the card. */
const [width, height] = [860, 440];
const frame = { left: 70, right: 30, top: 48, bottom: 60 };
const inner = { width: width - frame.left - frame.right, height: height - frame.top - frame.bottom };

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly interval?: Interval;
}

export interface Line {
  readonly title: string;
  readonly colour: string;
  readonly dashed?: boolean;
  readonly points: readonly Point[];
}

export interface Chart {
  readonly title: string;
  readonly x: { readonly title: string; readonly ticks: readonly number[]; readonly log: boolean };
  readonly y: { readonly title: string };
  readonly lines: readonly Line[];
  /** Shaded, in units of x, with what it means. */
  readonly failing?: { readonly from: number; readonly to: number; readonly title: string };
}

const text = (x: number, y: number, said: string, more = '') =>
  `<text x="${x}" y="${y}" font-family="DejaVu Sans, sans-serif" font-size="13" fill="#222" ${more}>${said}</text>`;

/** Shares, 0 to 1, over x. */
export function chartSvg({ title, x, y, lines, failing }: Chart): string {
  const scale = x.log ? Math.log : (value: number) => value;
  const [first = 0, last = 1] = [x.ticks[0], x.ticks.at(-1)];
  const atX = (value: number) =>
    Math.round(frame.left + (inner.width * (scale(value) - scale(first))) / (scale(last) - scale(first)));
  const atY = (value: number) => Math.round(frame.top + inner.height * (1 - value));
  const grid = [0, 0.25, 0.5, 0.75, 0.9, 1].map(
    (value) =>
      `<line x1="${frame.left}" x2="${width - frame.right}" y1="${atY(value)}" y2="${atY(value)}" stroke="#ddd"/>` +
      text(frame.left - 8, atY(value) + 4, `${value * 100} %`, 'text-anchor="end"'),
  );
  const ticks = x.ticks.map((value) =>
    text(atX(value), height - frame.bottom + 20, String(value), 'text-anchor="middle"'),
  );
  const shade = failing
    ? `<rect x="${atX(failing.from)}" y="${frame.top}" width="${atX(failing.to) - atX(failing.from)}" height="${inner.height}" fill="#c62828" opacity="0.1"/>` +
      text(atX(failing.from) + 6, height - frame.bottom - 8, failing.title)
    : '';
  const drawn = lines.map(({ title: name, colour, dashed, points }, i) => {
    const path = points
      .map(({ x: at, y: share }, k) => `${k === 0 ? 'M' : 'L'}${atX(at)} ${atY(share)}`)
      .join('');
    const bars = points.flatMap(({ x: at, interval }) =>
      interval
        ? [
            `<line x1="${atX(at)}" x2="${atX(at)}" y1="${atY(interval.from)}" y2="${atY(interval.to)}" stroke="${colour}"/>`,
          ]
        : [],
    );
    const dots = points.map(
      ({ x: at, y: share }) => `<circle cx="${atX(at)}" cy="${atY(share)}" r="3.5" fill="${colour}"/>`,
    );
    const key = frame.left + 12 + i * 195;
    return (
      `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" ${dashed ? 'stroke-dasharray="6 4"' : ''}/>` +
      bars.join('') +
      dots.join('') +
      `<rect x="${key}" y="30" width="18" height="4" fill="${colour}"/>${text(key + 24, 37, name)}`
    );
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<rect width="${width}" height="${height}" fill="#fff"/>
${text(frame.left, 18, title, 'font-weight="bold"')}
${shade}${grid.join('')}${ticks.join('')}${drawn.join('')}
${text(width / 2, height - 14, x.title, 'text-anchor="middle"')}
${text(14, frame.top - 8, y.title)}
</svg>`;
}
