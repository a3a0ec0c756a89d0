import { course, distance, latitude, longitude, speed } from './number.ts';
import { duration, utcMoment } from './time.ts';

export interface DataField {
  readonly name: string;
  readonly value: string;
}

const round = (value: number, digits: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));

/** Units that the names of fields end in. */
const units: readonly (readonly [RegExp, (value: number) => string])[] = [
  [/Seconds$|S$/, (value) => (value < 10 ? `${round(value, 2)} s` : duration(value * 1000))],
  [/Ms$/, (value) => (value < 10_000 ? `${Math.round(value)} ms` : duration(value))],
  [/Minutes$/, (value) => duration(value * 60_000)],
  [/Kph$/, (value) => speed(value, false)],
  [/Deg$/, course],
  [/Pct$/, (value) => `${round(value, 3)} %`],
  [/M$/, distance],
];

const wordsOf = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .trim();

/** A field of an event's data as people read it: words for its name, the unit that the name carries behind the value. */
export function dataField(name: string, value: string | number | boolean): DataField {
  if (typeof value === 'number') return ofNumber(name, value);
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value);
  return { name: wordsOf(name), value: isTime ? utcMoment(Date.parse(value)) : String(value) };
}

function ofNumber(name: string, value: number): DataField {
  if (name === 'lat') return { name: 'latitude', value: latitude(value) };
  if (name === 'lon') return { name: 'longitude', value: longitude(value) };
  if (name === 'seconds') return { name: 'lasted', value: duration(value * 1000) };
  for (const [end, format] of units)
    if (end.test(name) && name.length > 2)
      return { name: wordsOf(name.replace(end, '')), value: format(value) };
  return { name: wordsOf(name), value: round(value, 4) };
}
