/** Bytes that are asked for at once. */
const least = 16_384;
const most = 2_097_152;
/** An answer within this widens the window, one later than that narrows it, ms. */
const promptMs = 300;
const slowMs = 1000;

/**
 * How much of a file is under way at a time: learnt from how fast it comes, so that on a thin link it is
 * never more than about a second, and an alarm does not wait behind it.
 */
export class FetchWindow {
  #bytes = 65_536;

  get bytes(): number {
    return this.#bytes;
  }

  answered(afterMs: number): void {
    if (afterMs < promptMs) this.#bytes = Math.min(most, this.#bytes * 2);
    else if (afterMs > slowMs) this.narrow();
  }

  narrow(): void {
    this.#bytes = Math.max(least, this.#bytes / 2);
  }
}
