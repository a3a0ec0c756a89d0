/** A number line of a plot: from values to pixels. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  /** Pixels of `from` and `to`. */
  readonly start: number;
  readonly end: number;
}

export const place = ({ from, to, start, end }: Scale, value: number): number =>
  to === from ? (start + end) / 2 : start + ((value - from) / (to - from)) * (end - start);

/** Ends that hold all values with some air, and are not nearer together than `least`. */
export function rangeOf(values: readonly number[], least: number): { from: number; to: number } {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (finite.length === 0) return { from: 0, to: 1 };
  const half = Math.max(least, (high - low) * 1.16) / 2;
  return { from: (low + high) / 2 - half, to: (low + high) / 2 + half };
}

/** Round numbers between two ends, about so many. */
export function ticks(from: number, to: number, about: number): number[] {
  const raw = (to - from) / Math.max(1, about);
  if (!(raw > 0) || !Number.isFinite(raw)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? 10 * power;
  const found: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to + step * 1e-9; i++)
    found.push(Number((i * step).toPrecision(12)));
  return found;
}

export const pathOf = (points: readonly (readonly [number, number])[]): string =>
  points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const timeSteps = [
  minute,
  10 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
];

export interface TimeTick {
  readonly ms: number;
  /** Day, or hour and minute, UTC. */
  readonly word: string;
}

/** Round moments between two, about so many at the most. */
export function timeTicks(from: number, to: number, most: number): TimeTick[] {
  const raw = (to - from) / Math.max(1, most);
  const step = timeSteps.find((one) => one >= raw) ?? Math.ceil(raw / day) * day;
  const found: TimeTick[] = [];
  for (let ms = Math.ceil(from / step) * step; ms <= to; ms += step) {
    const text = new Date(ms).toISOString();
    found.push({ ms, word: ms % day === 0 ? text.slice(5, 10) : text.slice(11, 16) });
  }
  return found;
}
