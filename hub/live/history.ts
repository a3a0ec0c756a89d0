/** Something that was told of an object at a moment, and may be taken back. */
export interface Told<T> {
  /** Id of the event. */
  readonly id: string;
  /** Epoch ms. */
  readonly ms: number;
  readonly position: number;
  readonly said: T;
}

/** More is not held of one object: what is older is taken for settled. */
const most = 32;

/**
 * What was told of one object in the order of its moments, however it came: what comes late goes where it belongs, and what is superseded or
 * withdrawn goes. `settled` is what held before the first of it.
 */
export class History<S, T> {
  #settled: S;
  readonly #told: Told<T>[] = [];
  readonly #step: (state: S, said: T) => S;

  constructor(settled: S, step: (state: S, said: T) => S) {
    this.#settled = settled;
    this.#step = step;
  }

  add(one: Told<T>): void {
    let at = this.#told.length;
    const isBefore = ({ ms, position }: Told<T>) => ms < one.ms || (ms === one.ms && position < one.position);
    while (at > 0 && !isBefore(this.#told[at - 1] as Told<T>)) at -= 1;
    this.#told.splice(at, 0, one);
    if (this.#told.length <= most) return;
    const oldest = this.#told.shift();
    if (oldest) this.#settled = this.#step(this.#settled, oldest.said);
  }

  withdraw(id: string): void {
    const at = this.#told.findIndex((one) => one.id === id);
    if (at >= 0) this.#told.splice(at, 1);
  }

  /** What holds now. */
  get now(): S {
    return this.#told.reduce((state, { said }) => this.#step(state, said), this.#settled);
  }
}
