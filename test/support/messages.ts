import type { MessageOf } from '#flows/message';

/** A moment `seconds` after 2026-03-01T00:00:00Z. */
export const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 1) + seconds * 1000).toISOString().replace('.000Z', 'Z');

/** Epoch milliseconds of `at`. */
export const atMs = (seconds: number): number => Date.UTC(2026, 2, 1) + seconds * 1000;

type Position = MessageOf<'position'>;
type Reading = MessageOf<'reading'>;
type Seal = MessageOf<'seal'>;

/** A good fix of truck `t1` at `seconds`, received at once. */
export const position = (seconds: number, lon = 0, lat = 0, more: Partial<Position> = {}): Position => ({
  kind: 'position',
  device: 't1',
  time: at(seconds),
  received: at(seconds),
  quality: 'good',
  attributes: {},
  lon,
  lat,
  fix: true,
  ...more,
});

/** A reading of device `r1` at `seconds`. */
export const reading = (seconds: number, value: number, more: Partial<Reading> = {}): Reading => ({
  kind: 'reading',
  device: 'r1',
  time: at(seconds),
  received: at(seconds),
  quality: 'good',
  attributes: {},
  name: 'temperature',
  value,
  unit: 'Cel',
  ...more,
});

/** A report of seal `s1` at `seconds`. */
export const seal = (seconds: number, state: Seal['state'], more: Partial<Seal> = {}): Seal => ({
  kind: 'seal',
  device: 's1',
  time: at(seconds),
  received: at(seconds),
  quality: 'good',
  attributes: {},
  state,
  ...more,
});
