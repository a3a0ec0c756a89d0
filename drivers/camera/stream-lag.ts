/** Clocks of cameras run so far from ours, seconds a second. */
const drift = 500e-6;

/**
 * How late the pictures of a stream are, by the time that the stream itself gives them. A decoder that cannot keep
 * up hands on old pictures without a word, which would be taken for those of whatever is in front of the camera now.
 * The quickest one so far is taken to be on time.
 */
export class StreamLag {
  #onTimeMs = Number.POSITIVE_INFINITY;
  #lastS = Number.NEGATIVE_INFINITY;
  #lastMs = 0;
  #ms = 0;

  /** A picture stands at so many seconds of the stream, and came at `nowMs` of a monotonic clock. */
  heard(seconds: number, nowMs: number): void {
    const behindMs = nowMs - seconds * 1000;
    // A stream that goes back has begun anew.
    if (seconds < this.#lastS) this.#onTimeMs = behindMs;
    else this.#onTimeMs = Math.min(behindMs, this.#onTimeMs + (nowMs - this.#lastMs) * drift);
    this.#lastS = seconds;
    this.#lastMs = nowMs;
    this.#ms = behindMs - this.#onTimeMs;
  }

  /** Of the newest picture, milliseconds; 0 where the stream has no times. */
  get ms(): number {
    return this.#ms;
  }
}
