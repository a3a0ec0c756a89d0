import { sha256Hex } from '../trust/canonical.ts';
import type { Store } from './store.ts';

const key = 'random';

/**
 * Random numbers of a node, the same for the same flow, node and seed: sfc32 (Chris Doty-Humphrey, PractRand).
 * Its state is in the checkpoint, so that a restart does not repeat numbers.
 */
export class Random {
  readonly #seed: string;
  readonly #counters: Store;

  constructor(counters: Store, flowHash: string, node: string, seed: number) {
    this.#counters = counters;
    this.#seed = `${flowHash}:${node}:${seed}`;
  }

  next(): number {
    const state = (this.#counters.get(key) as number[] | undefined) ?? this.#start();
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const sum = (((a + b) | 0) + d) | 0;
    const turned = (c << 21) | (c >>> 11);
    this.#counters.set(key, [b ^ (b >>> 9), (c + (c << 3)) | 0, (turned + sum) | 0, (d + 1) | 0]);
    return (sum >>> 0) / 2 ** 32;
  }

  #start(): number[] {
    const hash = sha256Hex(this.#seed);
    return [0, 8, 16, 24].map((at) => Number.parseInt(hash.slice(at, at + 8), 16) | 0);
  }
}
