/** Messages of a source that are looked at between two ticks; the rest costs nothing. */
const samplesPerTick = 16;
/** How long the least delay of a source counts as its normal one, ms. */
const baselineMs = 300_000;
/** A source whose messages are older than this is a recording; its age tells nothing. */
const recordingMs = 86_400_000;

/**
 * How far one source has fallen behind: the age of its newest messages, less the least age that was
 * seen in the last minutes (clocks differ, and so do devices). The newest of a tick counts: one truck
 * that sends its backlog late does not make a lag.
 */
export class SourceLag {
  #samples = 0;
  #newestMs = Number.NEGATIVE_INFINITY;
  #baseline = Number.POSITIVE_INFINITY;
  #nextBaseline = Number.POSITIVE_INFINITY;
  #baselineSince = 0;
  #lagMs = 0;

  get lagMs(): number {
    return this.#lagMs;
  }

  /** `time` is the message's, ISO 8601. */
  sample(time: string): void {
    if (this.#samples >= samplesPerTick) return;
    this.#samples += 1;
    const ms = Date.parse(time);
    if (ms > this.#newestMs) this.#newestMs = ms;
  }

  /** Every second or so. */
  tick(nowMs: number): void {
    const delay = nowMs - this.#newestMs;
    const heard = this.#samples > 0;
    this.#samples = 0;
    this.#newestMs = Number.NEGATIVE_INFINITY;
    if (!heard || !(Math.abs(delay) < recordingMs)) {
      this.#lagMs = 0;
      return;
    }
    if (nowMs - this.#baselineSince > baselineMs) {
      this.#baseline = Math.min(this.#nextBaseline, delay);
      this.#nextBaseline = delay;
      this.#baselineSince = nowMs;
    }
    this.#baseline = Math.min(this.#baseline, delay);
    this.#nextBaseline = Math.min(this.#nextBaseline, delay);
    this.#lagMs = delay - this.#baseline;
  }
}
