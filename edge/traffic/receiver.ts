import { metresPerDegree } from '#flows/geo/distance';
import type { Position } from '#flows/message';
import type { Random } from '#models/physics/xray/random';
import type { Motion } from './vehicle.ts';

/** How slowly the error of a fix wanders, seconds. */
const wanderS = 60;
/** A made-up place goes round in a circle, as spoofed receivers were seen to: radius, and speed. */
const ringM = 100;
const ringKph = 57;

/** A place that somebody makes up instead of the true one. */
export interface Ring {
  readonly lon: number;
  readonly lat: number;
  readonly fromS: number;
  readonly toS: number;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Where on the ring one is at a second, and the way one seems to go. */
function onRing({ lon, lat, fromS }: Ring, seconds: number) {
  const angle = ((seconds - fromS) * ringKph) / 3.6 / ringM;
  const scale = metresPerDegree(lat);
  return {
    lon: lon + (ringM * Math.cos(angle)) / scale.lon,
    lat: lat + (ringM * Math.sin(angle)) / scale.lat,
    speedKph: ringKph,
    courseDeg: ((((-angle * 180) / Math.PI) % 360) + 360) % 360,
  };
}

/** A receiver with an error that wanders: what makes fixes of true places. */
export class Receiver {
  readonly #random: Random;
  readonly #noiseM: number;
  #eastM: number;
  #northM: number;
  #atS = -Infinity;
  /** Seconds in which it says nothing. */
  readonly silent: { readonly fromS: number; readonly toS: number }[] = [];
  ring: Ring | undefined;

  constructor(random: Random, noiseM: number) {
    this.#random = random;
    this.#noiseM = noiseM;
    this.#eastM = noiseM * random.normal();
    this.#northM = noiseM * random.normal();
  }

  /** The fix of a second; undefined while it is silent. */
  fix(
    motion: Motion,
    seconds: number,
    time: string,
    device: string,
    attributes: object,
  ): Position | undefined {
    const keep = Math.exp(-(seconds - this.#atS) / wanderS);
    const fresh = this.#noiseM * Math.sqrt(1 - keep * keep);
    this.#eastM = keep * this.#eastM + fresh * this.#random.normal();
    this.#northM = keep * this.#northM + fresh * this.#random.normal();
    this.#atS = seconds;
    if (this.silent.some(({ fromS, toS }) => seconds >= fromS && seconds < toS)) return undefined;
    const made = this.ring && seconds >= this.ring.fromS && seconds < this.ring.toS;
    const at = made && this.ring ? onRing(this.ring, seconds) : motion;
    const scale = metresPerDegree(at.lat);
    return {
      kind: 'position',
      device,
      time,
      quality: 'good',
      attributes: { ...attributes },
      lon: round(at.lon + this.#eastM / scale.lon, 6),
      lat: round(at.lat + this.#northM / scale.lat, 6),
      speedKph: round(at.speedKph, 1),
      courseDeg: round(at.courseDeg % 360, 0) % 360,
      accuracyM: this.#noiseM,
      satellites: this.#random.integer(7, 14),
      fix: true,
    };
  }
}
