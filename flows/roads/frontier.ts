/** A binary heap of junctions by distance, for Dijkstra's search; the same junction may be in it twice. */
export class Frontier {
  readonly #junctions: number[] = [];
  readonly #metres: number[] = [];
  /** Distance of the junction that `pop` gave last, metres. */
  poppedM = 0;

  push(junction: number, metres: number): void {
    let i = this.#junctions.length;
    this.#junctions.push(junction);
    this.#metres.push(metres);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if ((this.#metres[parent] as number) <= metres) break;
      this.#junctions[i] = this.#junctions[parent] as number;
      this.#metres[i] = this.#metres[parent] as number;
      i = parent;
    }
    this.#junctions[i] = junction;
    this.#metres[i] = metres;
  }

  /** The nearest junction, or -1. */
  pop(): number {
    const top = this.#junctions[0];
    if (top === undefined) return -1;
    this.poppedM = this.#metres[0] as number;
    const junction = this.#junctions.pop() as number;
    const metres = this.#metres.pop() as number;
    const size = this.#junctions.length;
    if (size === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && (this.#metres[child + 1] as number) < (this.#metres[child] as number)) child++;
      if ((this.#metres[child] as number) >= metres) break;
      this.#junctions[i] = this.#junctions[child] as number;
      this.#metres[i] = this.#metres[child] as number;
      i = child;
    }
    this.#junctions[i] = junction;
    this.#metres[i] = metres;
    return top;
  }
}
