import { Random } from '../xray/random.ts';
import { XrayAttenuation } from './attenuation.ts';
import { drawNir, type NirInstrument, NirLibrary } from './belt-nir.ts';
import { BeltSensors, fractionsOf } from './belt-sensors.ts';
import { blended, CargoLot, type OreTruth } from './cargo.ts';
import { readEndMembers } from './end-members.ts';
import { LotSpectra } from './lot-spectra.ts';
import { type Brand, type Materials, readMaterials } from './materials.ts';
import { drawXrf, type XrfInstrument } from './xrf-instrument.ts';
import { XrfLibrary } from './xrf-library.ts';

/** What all simulated berths share: tables that are read once. */
export interface OreWorld {
  readonly materials: Materials;
  readonly nir: NirLibrary;
  readonly attenuation: XrayAttenuation;
}

export function openOreWorld(): OreWorld {
  const materials = readMaterials();
  return { materials, nir: new NirLibrary(readEndMembers(materials)), attenuation: new XrayAttenuation() };
}

/** The spectrometers of one berth: individuals of their make, by a seed. */
export class Berth {
  readonly world: OreWorld;
  readonly nir: NirInstrument;
  readonly xrf: XrfInstrument;
  readonly library: XrfLibrary;

  constructor(world: OreWorld, seed: number) {
    const random = new Random(seed, 11);
    this.world = world;
    this.nir = drawNir(random);
    this.xrf = drawXrf(random);
    this.library = new XrfLibrary(this.xrf, world.attenuation);
  }
}

/** Since the last white reference: lamp, dust on the window (drawn for a lot). */
const drifts = { lampLossK: 40, dustLoss: 0.05, dustBack: 0.005 };

/** A window of the belt, as it is and as it is seen. `reflectance` and `counts` are of the last call. */
export interface SeenWindow {
  readonly truth: OreTruth;
  /** The same without the waste. */
  readonly ore: OreTruth;
  readonly share: number;
  readonly reflectance: Float64Array;
  readonly counts: Float64Array;
}

/** One lot on the belt of a berth, window by window. */
export class LotRun {
  readonly berth: Berth;
  readonly cargo: CargoLot;
  readonly #sensors: BeltSensors;
  readonly #nir: NirInstrument;
  #spectra: LotSpectra | undefined;
  readonly #centre: OreTruth;
  readonly #reflectance: Float64Array;
  readonly #counts: Float64Array;

  /** `sensing` draws what the instruments do; absent: the lot's own seed does, so that another berth would see the same noise. */
  constructor(berth: Berth, brand: Brand, seed: number, wetPct = 0, sensing?: Random) {
    const random = new Random(seed, 12);
    const sensed = sensing ?? random;
    this.berth = berth;
    this.cargo = new CargoLot(brand, random, wetPct);
    const { world } = berth;
    this.#sensors = new BeltSensors(world.nir, sensed);
    this.#nir = {
      ...berth.nir,
      lampLossK: sensed.between(0, drifts.lampLossK),
      dustLoss: sensed.between(0, drifts.dustLoss),
      dustBack: sensed.between(0, drifts.dustBack),
    };
    this.#centre = this.cargo.next(1);
    this.#reflectance = new Float64Array(world.nir.axis.length);
    this.#counts = new Float64Array(berth.xrf.channels);
  }

  /** The next so many tonnes as the near-infrared spectrometer alone sees them. */
  near(massT: number, seconds: number): Pick<SeenWindow, 'truth' | 'reflectance'> {
    const ore = this.cargo.next(massT);
    this.#sensors.reflectance({ ore }, this.#nir, seconds, this.#reflectance);
    return { truth: ore, reflectance: this.#reflectance };
  }

  /** Sherman's equation near the lot: made when fluorescence is asked for. */
  #lotSpectra(): LotSpectra {
    this.#spectra ??= new LotSpectra(this.berth.library, fractionsOf(this.#centre.massPct));
    return this.#spectra;
  }

  /** The next so many tonnes, seen for so many seconds, with a share of waste by mass in them. */
  window(
    massT: number,
    seconds: number,
    waste?: { readonly truth: OreTruth; readonly share: number },
  ): SeenWindow {
    const ore = this.cargo.next(massT);
    const belt = { ore, waste: waste && waste.share > 0 ? waste : undefined };
    this.#sensors.reflectance(belt, this.#nir, seconds, this.#reflectance);
    // With waste the composition is far from the lot's: Sherman's equation is taken anew.
    const source = belt.waste ? this.berth.library : this.#lotSpectra();
    this.#sensors.counts(belt, source, this.berth.xrf.gapMm, seconds, this.#counts);
    return {
      truth: belt.waste ? blended(ore, belt.waste.truth, belt.waste.share) : ore,
      ore,
      share: belt.waste?.share ?? 0,
      reflectance: this.#reflectance,
      counts: this.#counts,
    };
  }
}
