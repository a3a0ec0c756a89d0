/** The newest of what came while there was no room; older ones are dropped and counted. */
export class Latest<T> {
  #held: { readonly item: T; readonly atMs: number } | undefined;
  #dropped = 0;

  hold(item: T, nowMs: number): void {
    if (this.#held) this.#dropped++;
    this.#held = { item, atMs: nowMs };
  }

  /** What is held, unless it is older than `maxAgeMs`, and how many were dropped since the last call. */
  take(nowMs: number, maxAgeMs: number): { readonly item: T | undefined; readonly dropped: number } {
    const held = this.#held;
    this.#held = undefined;
    const fresh = held !== undefined && nowMs - held.atMs <= maxAgeMs;
    const dropped = this.#dropped + (held !== undefined && !fresh ? 1 : 0);
    this.#dropped = 0;
    return { item: fresh ? held.item : undefined, dropped };
  }
}
