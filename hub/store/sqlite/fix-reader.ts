import type { Fix } from '../../tracks/fix.ts';
import type { Sql } from './open.ts';

/** Fixes as they come by in order of time: of each stretch of `stepMs` from `startMs` on the first and the last. */
class Thinned {
  readonly fixes: Fix[] = [];
  readonly #startMs: number;
  readonly #stepMs: number;
  /** The next stretch begins. */
  #nextMs = Number.NEGATIVE_INFINITY;
  #isFirst = false;

  constructor(startMs: number, stepMs: number) {
    this.#startMs = startMs;
    this.#stepMs = stepMs;
  }

  add(ms: number, lon: number, lat: number, courseDeg: number | null): void {
    if (ms >= this.#nextMs) {
      this.#nextMs = stretchEnd(this.#startMs, this.#stepMs, ms);
      this.#isFirst = true;
    } else if (this.#isFirst) this.#isFirst = false;
    else this.fixes.pop();
    this.fixes.push({ ms, lon, lat, ...(courseDeg === null ? {} : { courseDeg }) });
  }
}

/** Begin of the stretch after that of a fix; at least the next moment: a fix on a border may fall into the stretch before it, by a rounding. */
export const stretchEnd = (startMs: number, stepMs: number, ms: number): number =>
  Math.max(ms + 1, Math.ceil(startMs + (Math.floor((ms - startMs) / stepMs) + 1) * stepMs));

/**
 * Reads an object's fixes of a time in one go, thinned while they are read: a row that is passed over costs a tenth of a microsecond
 * so, and one that is asked for by itself three.
 */
export function createFixReader(sql: Sql) {
  let reading: Thinned | undefined;
  sql.function('read_fix', (ms: number, lon: number, lat: number, courseDeg: number | null) => {
    reading?.add(ms, lon, lat, courseDeg);
    return null;
  });
  const read = sql.prepare<[number, number, number]>(
    `SELECT count(read_fix(time, lon, lat, course_deg)) FROM
     (SELECT time, lon, lat, course_deg FROM fix WHERE object = ? AND time >= ? AND time <= ? ORDER BY time)`,
  );
  return (object: number, fromMs: number, toMs: number, startMs: number, stepMs: number): Fix[] => {
    const thinned = new Thinned(startMs, stepMs);
    reading = thinned;
    read.get(object, fromMs, toMs);
    reading = undefined;
    return thinned.fixes;
  };
}
