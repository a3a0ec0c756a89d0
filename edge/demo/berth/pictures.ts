import type { Tonne } from './belt.ts';
import type { OreSource } from './ore-source.ts';
import { demoLots, happens } from './script.ts';

/** Pictures of each kind: a belt is never the same twice, and a camera's pool need not be large to look so. */
const each = 4;

/** Pictures of the belt, made once and shown in turn. */
export class Pictures {
  readonly #ore: OreSource;
  readonly #pools = new Map<string, Uint8Array[]>();
  #turn = 0;

  constructor(ore: OreSource) {
    this.#ore = ore;
  }

  /** Makes the pools of the script; resolves when there is clean ore to show. */
  async prepare(): Promise<void> {
    const [first, ...rest] = [...new Set(demoLots.map(({ brand }) => brand))];
    await this.#make(first ?? '', { brand: first ?? '' });
    void (async () => {
      for (const brand of rest) await this.#make(brand, { brand });
      for (const { brand, incidents } of demoLots)
        for (const { what, waste, share = 0 } of incidents) {
          if (what === 'waste' && waste !== undefined)
            await this.#make(`${brand} ${waste}`, { brand, waste, share });
          if (what === 'foreign') await this.#make(`${brand} foreign`, { brand, foreign: 'steel bar' });
        }
    })().catch(() => undefined); // the thread was stopped
  }

  async #make(
    name: string,
    what: { brand: string; waste?: string; share?: number; foreign?: 'steel bar' },
  ): Promise<void> {
    const pool: Uint8Array[] = [];
    for (let seed = 0; seed < each; seed++)
      pool.push(
        (await this.#ore.ask<'picture'>({ ask: 'picture', seed: seed + 50 * this.#pools.size, ...what })).ppm,
      );
    this.#pools.set(name, pool);
  }

  of({ lot, inLot }: Tonne): Uint8Array | undefined {
    const waste = happens(lot, 'waste', inLot)?.waste;
    const name = happens(lot, 'foreign', inLot)
      ? `${lot.brand} foreign`
      : waste === undefined
        ? lot.brand
        : `${lot.brand} ${waste}`;
    const pool = this.#pools.get(name) ?? this.#pools.get(lot.brand) ?? [];
    this.#turn += 1;
    return pool[this.#turn % Math.max(1, pool.length)];
  }
}
