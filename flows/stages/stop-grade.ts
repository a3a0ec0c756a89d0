import type { FenceIndex } from '../geo/fence-index.ts';
import type { StopConfig } from './stop-config.ts';

const hourMs = 3_600_000;

/** Hour of the day by the sun at a longitude, 0 to 24: four minutes a degree from UTC. */
function solarHour(ms: number, lon: number): number {
  const hours = (ms / hourMs + lon / 15) % 24;
  return hours < 0 ? hours + 24 : hours;
}

function isNight(ms: number, lon: number, [from, to]: readonly [number, number]): boolean {
  const hour = solarHour(ms, lon);
  return from <= to ? hour >= from && hour < to : hour >= from || hour < to;
}

/** How grave an unscheduled stop is: by day on the road it is one of many, by night where goods change vehicles it is not. */
export function gradeOf(
  { lon, lat, fromMs }: { readonly lon: number; readonly lat: number; readonly fromMs: number },
  spots: FenceIndex | undefined,
  { spotM, nightHours }: StopConfig,
): { severity: 'medium' | 'high' | 'critical'; night: boolean; spots?: string[] } {
  const night = isNight(fromMs, lon, nightHours);
  const near = (spots?.fences ?? []).flatMap(({ id }, fence) =>
    spots?.contains(fence, lon, lat) || spots?.isWithin(fence, lon, lat, spotM) ? [id] : [],
  );
  const grave = Number(night) + Number(near.length > 0);
  const severity = (['medium', 'high', 'critical'] as const)[grave] ?? 'critical';
  return { severity, night, ...(near.length > 0 ? { spots: near.sort() } : {}) };
}
