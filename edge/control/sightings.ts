import type { Message } from '#flows/message';
import type { Place } from './checks.ts';

/** Devices that are remembered; the one that was not heard for longest goes. */
const maxDevices = 100_000;
/** After wrong passwords at a lock it takes no orders for so long, ms. */
const lockOutMs = 900_000;

/** Where devices were last, and which of them were tried with wrong passwords. */
export class Sightings {
  readonly #places = new Map<string, Place>();
  readonly #lockedUntil = new Map<string, number>();
  readonly #wrong = new Set<string>();

  see(device: string, message: Message, nowMs: number): void {
    if (message.kind === 'position') {
      if (message.fix && message.quality === 'good')
        this.#put(device, message.lon, message.lat, nowMs, message.time);
    } else if (message.kind === 'seal') {
      const { lon, lat, quality } = message;
      if (lon !== undefined && lat !== undefined && quality === 'good')
        this.#put(device, lon, lat, nowMs, message.time);
      this.#password(device, message.attributes.alarms, nowMs);
    }
  }

  place(device: string): Place | undefined {
    return this.#places.get(device);
  }

  lockedUntilMs(device: string): number | undefined {
    return this.#lockedUntil.get(device);
  }

  /** A place that was kept in a blind area is as old as it says, and never newer than now. */
  #put(device: string, lon: number, lat: number, nowMs: number, time: string | undefined): void {
    const atMs = Math.min(nowMs, time === undefined ? nowMs : Date.parse(time));
    const before = this.#places.get(device);
    if (before && before.atMs > atMs) return;
    this.#places.delete(device);
    this.#places.set(device, { lon, lat, atMs });
    const oldest = this.#places.keys().next().value;
    if (this.#places.size > maxDevices && oldest !== undefined) this.#places.delete(oldest);
  }

  #password(device: string, alarms: unknown, nowMs: number): void {
    const wrong = Array.isArray(alarms) && alarms.includes('wrongPassword');
    if (wrong && !this.#wrong.has(device)) this.#lockedUntil.set(device, nowMs + lockOutMs);
    if (wrong) this.#wrong.add(device);
    else this.#wrong.delete(device);
  }
}
