/** Of what a second may take, how much may go at once. */
const burstSeconds = 1;

/** Keeps what is sent within so much a second. What may not wait goes all the same, and the rest waits the longer. */
export class Pace {
  readonly #bytesPerSecond: number;
  readonly #monotonic: () => number;
  #room: number;
  #at: number;

  /** `kbps`: kilobits a second; absent: no limit. */
  constructor(kbps: number | undefined, monotonic: () => number) {
    this.#bytesPerSecond = kbps === undefined ? Number.POSITIVE_INFINITY : kbps * 125;
    this.#monotonic = monotonic;
    this.#room = this.#bytesPerSecond * burstSeconds;
    this.#at = monotonic();
  }

  /** Most of one batch, so that what comes after it does not wait long, bytes. */
  get batchBytes(): number {
    return Math.max(2000, this.#bytesPerSecond / 4);
  }

  /** How long to wait before more may be sent, ms. */
  waitMs(): number {
    if (this.#bytesPerSecond === Number.POSITIVE_INFINITY) return 0;
    const now = this.#monotonic();
    const most = this.#bytesPerSecond * burstSeconds;
    this.#room = Math.min(most, this.#room + ((now - this.#at) * this.#bytesPerSecond) / 1000);
    this.#at = now;
    return this.#room > 0 ? 0 : Math.ceil((-this.#room * 1000) / this.#bytesPerSecond) + 1;
  }

  /** So much was sent. */
  spend(bytes: number): void {
    this.#room -= bytes;
  }
}
