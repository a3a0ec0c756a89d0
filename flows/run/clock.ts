import type { Clock } from '../stage.ts';

/** Time that goes where it is told, never back; 0 before it was told anything. */
export class VirtualClock implements Clock {
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  advanceTo(ms: number): void {
    if (ms > this.#nowMs) this.#nowMs = ms;
  }
}
