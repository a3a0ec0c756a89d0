import type { ReactNode } from 'react';
import { LevelAxis, UprightAxis } from '../parts/axes.tsx';
import { pathOf, place, type Scale, ticks } from '../parts/plot.ts';
import { useWidth } from '../parts/use-width.ts';

const [left, right, top, bottom] = [58, 24, 8, 40];
const [leastHeight, mostHeight, shape] = [220, 400, 0.5];

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Least and greatest of some numbers, with air on both sides. */
export function spanOf(...lists: (readonly number[])[]): Span {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists)
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      from = Math.min(from, value);
      to = Math.max(to, value);
    }
  if (from > to) return { from: 0, to: 1 };
  const air = 0.04 * (to - from || Math.abs(to) || 1);
  return { from: from - air, to: to + air };
}

/** Two axes with their names, and whatever is drawn between them. */
export function Chart({
  title,
  xName,
  yName,
  xSpan,
  ySpan,
  yWord = String,
  testId,
  children,
}: {
  title: string;
  xName: string;
  yName: string;
  xSpan: Span;
  ySpan: Span;
  /** A mark of the upright axis in words. */
  yWord?: (mark: number) => string;
  testId?: string;
  children: (x: Scale, y: Scale) => ReactNode;
}) {
  const [ref, width] = useWidth<SVGSVGElement>(520);
  const height = Math.round(Math.min(mostHeight, Math.max(leastHeight, shape * width)));
  const x = { ...xSpan, start: left, end: width - right };
  const y = { ...ySpan, start: height - bottom, end: top };
  return (
    <figure className="lab-chart" data-testid={testId}>
      <figcaption>{title}</figcaption>
      <svg ref={ref} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        <UprightAxis marks={ticks(y.from, y.to, 5).map((at) => ({ at, word: yWord(at) }))} x={x} y={y} />
        <LevelAxis
          marks={ticks(x.from, x.to, width / 75).map((at) => ({ at, word: `${at}` }))}
          x={x}
          y={y}
          below={15}
        />
        <text x={(left + width - right) / 2} y={height - 6} textAnchor="middle" className="lab-name">
          {xName}
        </text>
        <text
          transform={`translate(13 ${(top + height - bottom) / 2}) rotate(-90)`}
          textAnchor="middle"
          className="lab-name"
        >
          {yName}
        </text>
        {children(x, y)}
      </svg>
    </figure>
  );
}

const points = (x: Scale, y: Scale, xs: readonly number[], ys: readonly number[]) =>
  xs.map((value, i) => [place(x, value), place(y, ys[i] ?? Number.NaN)] as const);

/** A line through points. */
export const lineOf = (x: Scale, y: Scale, xs: readonly number[], ys: readonly number[]): string =>
  pathOf(points(x, y, xs, ys));

/** The band between two lines. */
export const bandOf = (
  x: Scale,
  y: Scale,
  xs: readonly number[],
  low: readonly number[],
  high: readonly number[],
): string => `${pathOf([...points(x, y, xs, high), ...points(x, y, xs, low).reverse()])}Z`;
