import type { Metric } from '../../../bundle/schema.ts';

/** What was asked for, and where it is measured. */
const aims = [
  { said: 'at most 0.5 % false alarms', name: 'false alarms', set: 'G', most: 0.005 },
  { said: 'at least 99.5 % of containers with cargo', name: 'detection, cargo', set: 'G', least: 0.995 },
  {
    said: 'at least 90 % of loads of 2 litres',
    name: 'detection, 2 litres in the open',
    set: 'S',
    least: 0.9,
  },
] as const;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function reached({ value, low, high }: Metric, aim: (typeof aims)[number]): string {
  const [good, sure] =
    'most' in aim ? [value <= aim.most, high <= aim.most] : [value >= aim.least, low >= aim.least];
  if (!good) return '**not reached**';
  return sure ? 'reached' : 'reached, but too few scans to prove it';
}

/** Rows of a table: the aim, what was measured, whether it is reached. */
export function aimRows(metrics: readonly Metric[]): string[] {
  return aims.map((aim) => {
    const metric = metrics.find(({ name, set }) => name === aim.name && set === aim.set);
    if (!metric) return `| ${aim.said} | not measured | |`;
    const { value, low, high, count } = metric;
    return `| ${aim.said} | ${percent(value)} (${percent(low)} to ${percent(high)}, ${count} scans) | ${reached(metric, aim)} |`;
  });
}
