import type { BoardIncrement } from '#hub/api/types';
import { pathOf, place, rangeOf, ticks } from '../parts/plot.ts';
import { useWidth } from '../parts/use-width.ts';
import { massPercent } from './words.ts';

const [height, left, right, bottom] = [74, 84, 40, 4];

export interface StripPoint {
  readonly fromT: number;
  readonly toT: number;
  readonly value: number;
  /** Half of its 95 % interval. */
  readonly half: number;
}

const normal95 = 1.96;

/** A quantity of the increments of a lot, along its tonnes. */
export const stripOf = (increments: readonly BoardIncrement[], name: string): StripPoint[] =>
  increments.flatMap(({ fromT, massKg, values }) => {
    const found = values[name];
    if (!found) return [];
    const { value, sigma, bias } = found;
    return [{ fromT, toT: fromT + massKg / 1000, value, half: normal95 * Math.hypot(sigma, bias) }];
  });

/** Stretches without a gap: what was not measured has no line. */
function stretches(points: readonly StripPoint[]): StripPoint[][] {
  const found: StripPoint[][] = [];
  for (const point of points) {
    const last = found.at(-1);
    if (last && point.fromT <= (last.at(-1)?.toT ?? 0) + 0.01) last.push(point);
    else found.push([point]);
  }
  return found;
}

/** One strip: the line, the interval about it, and its newest value in figures. */
export function StripChart({
  name,
  unit,
  points,
  totalT,
  least,
  limit,
  selectedT,
  figures = massPercent,
}: {
  name: string;
  unit: string;
  points: readonly StripPoint[];
  totalT: number;
  /** Span of the axis at least: small noise is not to look large. */
  least: number;
  limit?: number | undefined;
  selectedT?: number | undefined;
  figures?: (value: number) => string;
}) {
  const [ref, width] = useWidth<SVGSVGElement>(1000);
  const newest = points.at(-1);
  const { from, to } = rangeOf(
    points.flatMap(({ value, half }) => [value - half, value + half]),
    least,
  );
  const x = { from: 0, to: totalT, start: left, end: width - right };
  const y = { from, to, start: height - bottom, end: 4 };
  const middle = ({ fromT, toT }: StripPoint) => place(x, (fromT + toT) / 2);
  const marks = points.length === 0 ? [] : ticks(from, to, 2);
  return (
    <svg
      ref={ref}
      className="strip"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${name} along the lot`}
      data-testid={`strip-${name}`}
    >
      <text x={0} y={18} className="strip-name">
        {name}
      </text>
      <text x={0} y={40} className="strip-value">
        {newest === undefined ? '–' : figures(newest.value)}
        <tspan className="strip-unit"> {unit}</tspan>
      </text>
      {newest !== undefined && newest.half > 0 && (
        <text x={0} y={58} className="strip-half">
          ± {figures(newest.half)}
        </text>
      )}
      {marks.map((mark) => (
        <g key={mark}>
          <line x1={left} x2={width - right} y1={place(y, mark)} y2={place(y, mark)} className="strip-grid" />
          <text x={width - right + 5} y={place(y, mark)} dominantBaseline="middle" className="strip-tick">
            {mark}
          </text>
        </g>
      ))}
      {limit !== undefined && limit < to && limit > from && (
        <line
          x1={left}
          x2={width - right}
          y1={place(y, limit)}
          y2={place(y, limit)}
          className="strip-limit"
        />
      )}
      {stretches(points).map((part) => {
        const line = part.map((one) => [middle(one), place(y, one.value)] as const);
        const band = [
          ...part.map((one) => [middle(one), place(y, one.value + one.half)] as const),
          ...part.map((one) => [middle(one), place(y, one.value - one.half)] as const).reverse(),
        ];
        const [first] = line;
        return (
          <g key={part[0]?.fromT}>
            <path d={`${pathOf(band)}Z`} className="strip-band" />
            {line.length > 1 ? (
              <path d={pathOf(line)} className="strip-line" />
            ) : (
              first && <circle cx={first[0]} cy={first[1]} r="2" className="strip-dot" />
            )}
          </g>
        );
      })}
      {selectedT !== undefined && (
        <line x1={place(x, selectedT)} x2={place(x, selectedT)} y1={0} y2={height} className="strip-cursor" />
      )}
    </svg>
  );
}
