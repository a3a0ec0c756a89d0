import type { ChartPoint } from '#hub/api/types';
import { pathOf, place, type Scale } from '../parts/plot.ts';

const height = 64;

/** CUSUM above and below the centre line, in deviations, with its limit on both sides. */
export function CusumStrip({ points, x, width }: { points: readonly ChartPoint[]; x: Scale; width: number }) {
  const charted = points.filter(({ cusumHigh }) => cusumHigh !== undefined);
  const limit = charted[0]?.cusumLimit;
  if (limit === undefined) return null;
  const most = limit * 1.5;
  const y = { from: -most, to: most, start: height - 4, end: 4 };
  const line = (sign: number, of: (point: ChartPoint) => number | undefined) =>
    pathOf(
      charted.map((point) => [
        place(x, Date.parse(point.time)),
        place(y, sign * Math.min(most, of(point) ?? 0)),
      ]),
    );
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label="CUSUM">
      <text x={x.start - 6} y={height / 2} textAnchor="end" dominantBaseline="middle" className="plot-tick">
        CUSUM
      </text>
      {[-limit, 0, limit].map((value) => (
        <line
          key={value}
          x1={x.start}
          x2={x.end}
          y1={place(y, value)}
          y2={place(y, value)}
          className={value === 0 ? 'control-limit centre' : 'control-limit ewma'}
        />
      ))}
      <path d={line(1, ({ cusumHigh }) => cusumHigh)} className="control-cusum" />
      <path d={line(-1, ({ cusumLow }) => cusumLow)} className="control-cusum" />
    </svg>
  );
}
