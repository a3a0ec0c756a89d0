import sharp from 'sharp';

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dots?: boolean;
}

export interface Plot {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
}

export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly log?: boolean;
}

const [width, height, left, top, right, bottom] = [760, 420, 76, 40, 150, 52];

function scaled(axis: Axis, from: number, to: number) {
  const f = axis.log ? Math.log10 : (value: number) => value;
  return (value: number) => from + ((f(value) - f(axis.from)) / (f(axis.to) - f(axis.from))) * (to - from);
}

const text = (x: number, y: number, words: string, more = '') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" font-family="DejaVu Sans, Arial, sans-serif" font-size="13" ${more}>${words}</text>`;

/** A plot of lines and dots, PNG. */
export async function plotPng(plot: Plot, file: string): Promise<void> {
  const x = scaled(plot.x, left, width - right);
  const y = scaled(plot.y, height - bottom, top);
  const grid = [
    ...plot.x.ticks.map(
      (tick) =>
        `<line x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${height - bottom}" stroke="#ddd"/>` +
        text(x(tick), height - bottom + 18, String(tick), 'text-anchor="middle"'),
    ),
    ...plot.y.ticks.map(
      (tick) =>
        `<line x1="${left}" x2="${width - right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/>` +
        text(left - 8, y(tick) + 4, String(tick), 'text-anchor="end"'),
    ),
  ];
  const series = plot.series.map(({ name, colour, points, dots }, i) => {
    const at = points.map(([a, b]) => [x(a), y(b)] as const);
    const drawn = dots
      ? at
          .map(([a, b]) => `<circle cx="${a.toFixed(1)}" cy="${b.toFixed(1)}" r="3.5" fill="${colour}"/>`)
          .join('')
      : `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${at.map(([a, b]) => `${a.toFixed(1)},${b.toFixed(1)}`).join(' ')}"/>`;
    const key = top + 14 + i * 20;
    const mark = dots
      ? `<circle cx="${width - right + 22}" cy="${key - 4}" r="3.5" fill="${colour}"/>`
      : `<line x1="${width - right + 12}" x2="${width - right + 32}" y1="${key - 4}" y2="${key - 4}" stroke="${colour}" stroke-width="2"/>`;
    return drawn + mark + text(width - right + 38, key, name);
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>
${grid.join('\n')}
<rect x="${left}" y="${top}" width="${width - right - left}" height="${height - bottom - top}" fill="none" stroke="#444"/>
${series.join('\n')}
${text(left, 24, plot.title, 'font-weight="bold"')}
${text((left + width - right) / 2, height - 12, plot.x.label, 'text-anchor="middle"')}
${text(16, (top + height - bottom) / 2, plot.y.label, `text-anchor="middle" transform="rotate(-90 16 ${(top + height - bottom) / 2})"`)}
</svg>`;
  await sharp(Buffer.from(svg)).png({ palette: true, colours: 32 }).toFile(file);
}
