import { GammaField, gammaCounts, usualActivity, usualMonitor } from '#models/physics/ore/gamma';
import type { Random } from '#models/physics/xray/random';

const loadKgPerM = 417;
const [loadSpread, doseNoise, sourceDepthM] = [0.06, 0.05, 0.15];
const { keVPerChannel } = usualMonitor;

/** What the radiation monitor of a berth says second by second. */
export class RadiationField {
  readonly #field = new GammaField();
  readonly #random: Random;
  /** What is expected without a source, by load in steps of 10 kg/m. */
  readonly #expected = new Map<number, Float64Array>();

  constructor(random: Random) {
    this.#random = random;
  }

  second(loaded: boolean, source?: { nuclide: string; megabecquerel: number; alongM: number }) {
    const random = this.#random;
    const kgPerM = loaded ? 10 * Math.round((loadKgPerM * (1 + loadSpread * random.normal())) / 10) : 0;
    const here = source && { ...source, depthM: sourceDepthM };
    const load = { kgPerM, bqPerKg: usualActivity, source: here };
    const known = here ? undefined : this.#expected.get(kgPerM);
    const rates = known ?? this.#field.expected(load);
    if (!here) this.#expected.set(kgPerM, rates);
    const rate = this.#field.doseRate(load) * (1 + doseNoise * random.normal());
    return {
      axis: { unit: 'keV', start: keVPerChannel / 2, step: keVPerChannel },
      counts: Array.from(gammaCounts(rates, 1, random)),
      uSvPerH: Math.round(rate * 1e4) / 1e4,
    };
  }
}
