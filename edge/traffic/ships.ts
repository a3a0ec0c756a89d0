import { metresPerDegree } from '#flows/geo/distance';
import type { Random } from '#models/physics/xray/random';
import type { Motion } from './vehicle.ts';

const knotKph = 1.852;

/** A place at sea, metres east and north of an origin. */
interface Leg {
  readonly fromS: number;
  readonly toS: number;
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

export interface Sea {
  readonly lon: number;
  readonly lat: number;
  /** Side of the square of sea, metres. */
  readonly sideM: number;
}

/** A ship on straight legs between places at sea; what it does at a place is a leg too. */
export class Ship {
  readonly #sea: Sea;
  readonly #legs: Leg[] = [];
  #at = 0;

  constructor(sea: Sea, random: Random, untilS: number, begin?: readonly [number, number]) {
    this.#sea = sea;
    let place = begin ?? this.#somewhere(random);
    for (let clock = 0; clock < untilS; ) {
      const to = this.#somewhere(random);
      clock = this.#sail(place, to, clock, random.between(8, 14));
      place = to;
    }
  }

  #somewhere(random: Random): readonly [number, number] {
    return [random.between(0, this.#sea.sideM), random.between(0, this.#sea.sideM)];
  }

  /** Adds a leg; returns the second of arrival. */
  #sail(
    from: readonly [number, number],
    to: readonly [number, number],
    fromS: number,
    knots: number,
  ): number {
    const metres = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const toS = fromS + Math.max(1, (metres / (knots * knotKph)) * 3.6);
    this.#legs.push({ fromS, toS, from, to });
    return toS;
  }

  /** Sails to a place so as to be there at `atS`, drifts there until `untilS`, then goes on. */
  meet(place: readonly [number, number], atS: number, untilS: number, random: Random): void {
    this.#legs.length = 0;
    const far = this.#somewhere(random);
    this.#legs.push({ fromS: 0, toS: atS, from: far, to: place });
    const drifted = [place[0] + random.between(-150, 150), place[1] + random.between(-150, 150)] as const;
    this.#legs.push({ fromS: atS, toS: untilS, from: place, to: drifted });
    this.#sail(drifted, this.#somewhere(random), untilS, random.between(8, 14));
  }

  motion(seconds: number): Motion {
    while (this.#at < this.#legs.length - 1 && (this.#legs[this.#at] as Leg).toS <= seconds) this.#at += 1;
    const { fromS, toS, from, to } = this.#legs[this.#at] as Leg;
    const share = Math.max(0, Math.min(1, (seconds - fromS) / (toS - fromS)));
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const scale = metresPerDegree(this.#sea.lat);
    const speedKph = seconds > toS ? 0 : (Math.hypot(dx, dy) / (toS - fromS)) * 3.6;
    const courseDeg = ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360;
    const [x, y] = [from[0] + share * dx, from[1] + share * dy];
    return {
      lon: this.#sea.lon + x / scale.lon,
      lat: this.#sea.lat + y / scale.lat,
      speedKph,
      courseDeg,
      piece: 0,
      offsetM: 0,
    };
  }
}
