import type { Tonne } from './belt.ts';
import type { OreSource } from './ore-source.ts';
import { happens, type Script } from './script.ts';

/** Pictures of each kind: a belt is never the same twice, and a camera's pool need not be large to look so. */
const each = 4;
const bare = 'bare belt';

/** Pictures of the belt, made once and shown in turn. */
export class Pictures {
  readonly #ore: OreSource;
  readonly #lots: Script['lots'];
  readonly #pools = new Map<string, Uint8Array[]>();
  #turn = 0;

  constructor(ore: OreSource, lots: Script['lots']) {
    this.#ore = ore;
    this.#lots = lots;
  }

  /** Makes the pools of the script; resolves when there is clean ore of the first brand to show. */
  async prepare(first: string): Promise<void> {
    await this.#make(bare, {});
    await this.#make(first, { brand: first });
    const rest = new Set(this.#lots.map(({ brand }) => brand).filter((brand) => brand !== first));
    void (async () => {
      for (const brand of rest) await this.#make(brand, { brand });
      for (const { brand, incidents } of this.#lots)
        for (const { what, waste, share = 0 } of incidents) {
          if (what === 'waste' && waste !== undefined)
            await this.#make(`${brand} ${waste}`, { brand, waste, share });
          if (what === 'foreign') await this.#make(`${brand} foreign`, { brand, foreign: 'steel bar' });
        }
    })().catch(() => undefined); // the thread was stopped
  }

  async #make(
    name: string,
    what: { brand?: string; waste?: string; share?: number; foreign?: 'steel bar' },
  ): Promise<void> {
    const pool: Uint8Array[] = [];
    for (let seed = 0; seed < each; seed++)
      pool.push(
        (await this.#ore.ask<'picture'>({ ask: 'picture', seed: seed + 50 * this.#pools.size, ...what })).ppm,
      );
    this.#pools.set(name, pool);
  }

  /** The next picture of a tonne, or of the bare belt; undefined until there is one. */
  of(tonne: Tonne | undefined): Uint8Array | undefined {
    const pool = this.#pools.get(nameOf(tonne)) ?? this.#pools.get(tonne?.lot.brand ?? bare) ?? [];
    this.#turn += 1;
    return pool[this.#turn % Math.max(1, pool.length)];
  }
}

function nameOf(tonne: Tonne | undefined): string {
  if (tonne === undefined) return bare;
  const { lot, inLot } = tonne;
  const waste = happens(lot, 'waste', inLot)?.waste;
  if (happens(lot, 'foreign', inLot)) return `${lot.brand} foreign`;
  return waste === undefined ? lot.brand : `${lot.brand} ${waste}`;
}
