import type { BeltView } from '#hub/api/types';
import { pathOf, place, ticks } from '../parts/plot.ts';
import { useWidth } from '../parts/use-width.ts';

type Spectrum = NonNullable<BeltView['spectra'][string]>;
const [height, bottom] = [96, 14];

/** The newest spectrum; counts by their logarithm, since lines of traces are a thousandth of iron's. */
export function SpectrumPlot({
  title,
  spectrum,
  logarithmic,
}: {
  title: string;
  spectrum: Spectrum | undefined;
  logarithmic: boolean;
}) {
  const [ref, width] = useWidth<SVGSVGElement>(360);
  const values = (spectrum?.values ?? []).map((value) =>
    logarithmic ? Math.log10(Math.max(0.5, value)) : value,
  );
  const [low, high] = [logarithmic ? Math.log10(0.5) : 0, Math.max(...values, logarithmic ? 1 : 0.05)];
  const x = { from: spectrum?.from ?? 0, to: spectrum?.to ?? 1, start: 0, end: width };
  const y = { from: low, to: high * 1.05, start: height - bottom, end: 2 };
  const points = values.map(
    (value, i) => [(i / Math.max(1, values.length - 1)) * width, place(y, value)] as const,
  );
  const bad = spectrum !== undefined && spectrum.quality !== 'good';
  return (
    <figure className={`spectrum${bad ? ' bad' : ''}`} data-testid={`spectrum-${title}`}>
      <figcaption>
        <b>{title}</b>{' '}
        {spectrum === undefined ? (
          <span className="muted">nothing yet</span>
        ) : (
          <span className={bad ? 'warn' : 'muted'}>
            {spectrum.device} · {spectrum.time.slice(11, 19)}
            {bad ? ` · ${spectrum.quality}: does not count` : ''}
          </span>
        )}
      </figcaption>
      <svg ref={ref} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {spectrum !== undefined &&
          ticks(spectrum.from, spectrum.to, 5).map((mark) => (
            <g key={mark}>
              <line
                x1={place(x, mark)}
                x2={place(x, mark)}
                y1={0}
                y2={height - bottom}
                className="strip-grid"
              />
              <text
                x={Math.min(width - 14, Math.max(8, place(x, mark)))}
                y={height - 2}
                textAnchor="middle"
                className="strip-tick"
              >
                {mark}
              </text>
            </g>
          ))}
        {points.length > 1 && <path d={pathOf(points)} className="strip-line" />}
        {spectrum !== undefined && (
          <text x={width - 2} y={11} textAnchor="end" className="strip-tick">
            {spectrum?.unit}
            {logarithmic ? ', log counts' : ', reflectance'}
          </text>
        )}
      </svg>
    </figure>
  );
}
