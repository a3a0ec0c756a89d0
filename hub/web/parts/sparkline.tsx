import { rate } from '../format/number.ts';

const [width, height] = [90, 20];

/** The path of values in a box of 90 by 20, from nought to the greatest. */
export function sparkPath(values: readonly number[]): string {
  const most = Math.max(...values, 1e-9);
  const step = width / Math.max(1, values.length - 1);
  return values
    .map(
      (v, i) =>
        `${i === 0 ? 'M' : 'L'}${(i * step).toFixed(1)} ${(height - 1.5 - (v / most) * (height - 3)).toFixed(1)}`,
    )
    .join('');
}

/** A small course of values with the last one in figures. */
export function Sparkline({
  values,
  unit,
  label,
}: {
  values: readonly number[];
  unit: string;
  label: string;
}) {
  const last = values.at(-1);
  if (last === undefined || values.length < 3) return <span className="muted">gathering</span>;
  return (
    <span
      className="sparkline"
      title={`${label}, since this screen was opened; highest ${Math.max(...values).toFixed(1)} ${unit}`}
    >
      <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <path d={sparkPath(values)} fill="none" stroke="var(--faint)" strokeWidth="1.4" />
      </svg>
      <span className="nowrap">{unit === '/s' ? rate(last) : `${last} ${unit}`}</span>
    </span>
  );
}
