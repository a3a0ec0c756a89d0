import type { Place } from '#flows/tracks/movers';
import { Random } from '#models/physics/xray/random';

/** Streets of a large city: every so many metres, so many of them each way. */
const spacingM = 400;
const streets = 90;
const ways = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

interface Walker {
  x: number;
  y: number;
  way: number;
  toNextM: number;
  readonly speed: number;
}

/**
 * Vehicles that drive about a grid of streets and turn where they like, and pairs of which one keeps 40 m behind the
 * other: the last `2 * planted` of `count`, neighbours in the list.
 */
export class Crowd {
  readonly #walkers: Walker[];
  readonly #planted: number;
  readonly #random: Random;
  /** By the number that they go by in `next`. */
  readonly names: readonly string[];

  constructor(count: number, planted: number, seed: number) {
    this.#random = new Random(seed);
    this.#planted = planted;
    this.names = Array.from({ length: count }, (_, i) => `v${String(i).padStart(6, '0')}`);
    this.#walkers = Array.from({ length: count - planted }, () => ({
      x: this.#random.integer(0, streets - 1) * spacingM,
      y: this.#random.integer(0, streets - 1) * spacingM,
      way: this.#random.integer(0, 3),
      toNextM: this.#random.between(1, spacingM),
      speed: this.#random.between(8, 16),
    }));
  }

  /** Names of the pair with a number. */
  pair(number: number): readonly [string, string] {
    const first = this.names.length - 2 * this.#planted + 2 * number;
    return [this.names[first] as string, this.names[first + 1] as string];
  }

  /** Everyone `seconds` later. */
  next(seconds: number): Place[] {
    const places: Place[] = [];
    const alone = this.#walkers.length - this.#planted;
    this.#walkers.forEach((walker, i) => {
      this.#drive(walker, walker.speed * seconds);
      const [dx, dy] = ways[walker.way] as readonly [number, number];
      const [x, y] = [walker.x - dx * walker.toNextM, walker.y - dy * walker.toNextM];
      const [vx, vy] = [dx * walker.speed, dy * walker.speed];
      places.push({ mover: places.length, x, y, vx, vy, stretch: 1 });
      if (i < alone) return;
      const behind = {
        x: x - dx * 40 + this.#random.between(-5, 5),
        y: y - dy * 40 + this.#random.between(-5, 5),
      };
      places.push({ mover: places.length, ...behind, vx, vy, stretch: 1 });
    });
    return places;
  }

  #drive(walker: Walker, metres: number): void {
    let left = metres;
    while (left > 0) {
      const step = Math.min(left, walker.toNextM);
      walker.toNextM -= step;
      left -= step;
      if (walker.toNextM > 0) return;
      walker.way = (walker.way + this.#random.pick([0, 0, 1, 3])) % 4;
      const [dx, dy] = ways[walker.way] as readonly [number, number];
      const wrap = (at: number) => (at + streets * spacingM) % (streets * spacingM);
      walker.x = wrap(walker.x + dx * spacingM);
      walker.y = wrap(walker.y + dy * spacingM);
      walker.toNextM = spacingM;
    }
  }
}
