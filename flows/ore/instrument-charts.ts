/**
 * Control charts of a berth's instruments over days, as a fold over its events: the same at the box and at the hub. Bounded: the oldest
 * points go.
 */
export interface ChartPoint {
  /** The stretch that it tells of, ISO 8601. */
  readonly from: string;
  readonly time: string;
  readonly count: number;
  /** Mean, least and greatest value of the stretch, in the check's unit. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly state: 'in' | 'drift' | 'out';
  /** Absent where a check has bounds alone. */
  readonly mean?: number;
  readonly sigma?: number;
  readonly ewma?: number;
  readonly ewmaLimit?: number;
  readonly outLimit?: number;
  /** In deviations of a value. */
  readonly cusumHigh?: number;
  readonly cusumLow?: number;
  readonly cusumLimit?: number;
  readonly lowest?: number;
  readonly highest?: number;
}

export interface ChartMark {
  readonly time: string;
  readonly what: 'drift' | 'out' | 'recalibrated' | 'restored';
  readonly detail: string;
}

export interface InstrumentChart {
  readonly device: string;
  readonly check: string;
  points: ChartPoint[];
  marks: ChartMark[];
}

export type InstrumentCharts = InstrumentChart[];

export const chartTypes = [
  'quaywatch.instrument.check',
  'quaywatch.instrument.drift',
  'quaywatch.instrument.out',
  'quaywatch.instrument.recalibrated',
  'quaywatch.instrument.restored',
] as const;

/** A week and more of one point in ten minutes. */
export const maxPoints = 1500;
const maxMarks = 300;
const maxCharts = 200;

export interface ChartEvent {
  readonly type: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const numbers = [
  'mean',
  'sigma',
  'ewma',
  'ewmaLimit',
  'outLimit',
  'cusumHigh',
  'cusumLow',
  'cusumLimit',
  'lowest',
  'highest',
] as const;

function pointOf(time: string, data: ChartEvent['data']): ChartPoint | undefined {
  const number = (name: string): number => Number((data[name] as number).toPrecision(7));
  const known = (name: string): boolean => Number.isFinite(data[name]);
  if (!['count', 'value', 'least', 'most'].every(known)) return undefined;
  const { state } = data;
  return {
    from: String(data.from),
    time,
    count: number('count'),
    value: number('value'),
    least: number('least'),
    most: number('most'),
    state: state === 'out' || state === 'drift' ? state : 'in',
    ...Object.fromEntries(numbers.filter(known).map((name) => [name, number(name)])),
  };
}

function chartOf(charts: InstrumentCharts, device: string, check: string): InstrumentChart {
  const known = charts.find((one) => one.device === device && one.check === check);
  if (known) return known;
  const made = { device, check, points: [], marks: [] };
  charts.push(made);
  charts.sort((a, b) => `${a.device} ${a.check}`.localeCompare(`${b.device} ${b.check}`));
  charts.splice(maxCharts);
  return made;
}

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

function detailOf(what: string, data: ChartEvent['data']): string {
  if (what === 'drift') return (data.alarms as string[] | undefined)?.join(', ') ?? '';
  if (what === 'restored') return data.since ? `was out since ${text(data.since).slice(0, 16)}` : '';
  if (what === 'out') return data.value === null ? 'no value' : `at ${Number(data.value).toPrecision(5)}`;
  if (typeof data.what === 'string') return data.by ? `${data.what}, by ${text(data.by)}` : data.what;
  return `centre line ${text(data.fromMean)} to ${text(data.mean)}`;
}

/** Takes one event; those of a box come in their order. The charts are changed in place. */
export function foldCharts(charts: InstrumentCharts, { type, time, data }: ChartEvent): void {
  const { device, check } = data;
  const what = type.slice('quaywatch.instrument.'.length);
  if (!type.startsWith('quaywatch.instrument.') || typeof device !== 'string') return;
  if (what === 'check') {
    const point = pointOf(time, data);
    if (!point) return;
    const { points } = chartOf(charts, device, String(check));
    points.push(point);
    if (points.length > maxPoints) points.splice(0, points.length - maxPoints);
    return;
  }
  const mark: ChartMark = { time, what: what as ChartMark['what'], detail: detailOf(what, data) };
  // Work at an instrument is of all of its checks.
  const of =
    typeof check === 'string'
      ? [chartOf(charts, device, check)]
      : charts.filter((one) => one.device === device);
  for (const { marks } of of) {
    marks.push(mark);
    if (marks.length > maxMarks) marks.shift();
  }
}
