import { readTable } from '../../table-file.ts';
import { Attenuation } from '../xray/attenuation.ts';
import type { Random } from '../xray/random.ts';

interface Nuclide {
  /** uSv/h at 1 m for 1 MBq. */
  readonly doseConstant: number;
  /** Energy keV, and photons for each decay. */
  readonly lines: readonly (readonly [number, number])[];
}

const readNuclides = (): Readonly<Record<string, Nuclide>> =>
  readTable<{ nuclides: Record<string, Nuclide> }>('tables/nuclides.json', import.meta.url).nuclides;

/** A scintillation monitor beside the belt. */
export interface GammaMonitor {
  /** Area that it shows to the load, cm2, and how far away, m. */
  readonly areaCm2: number;
  readonly distanceM: number;
  readonly channels: number;
  readonly keVPerChannel: number;
  /** Full width at half maximum at 662 keV, as a share. */
  readonly resolution: number;
  /** Counts a second of the surroundings, with an empty belt. */
  readonly background: number;
}

export const usualMonitor: GammaMonitor = {
  areaCm2: 600,
  distanceM: 0.6,
  channels: 512,
  keVPerChannel: 6,
  resolution: 0.08,
  background: 1000,
};

/** What the load on the belt holds. */
export interface GammaLoad {
  readonly kgPerM: number;
  /** Natural activity of the ore, Bq/kg. */
  readonly bqPerKg: Readonly<Record<string, number>>;
  /** A lost source in it: how deep it lies, and where along the belt from the monitor. */
  readonly source?:
    | {
        readonly nuclide: string;
        readonly megabecquerel: number;
        readonly depthM: number;
        readonly alongM: number;
      }
    | undefined;
}

/** Typical of iron ore, Bq/kg (assumed; published surveys of iron ore are of this order). */
export const usualActivity: Readonly<Record<string, number>> = { 'K-40': 30, 'U-238': 8, 'Th-232': 5 };

/** Full load of a belt, kg/m, at which it hides the most of the surroundings; and how much that is. */
const fullKgPerM = 400;
const hiddenShare = 0.22;
const oreGramsPerCm3 = 2.6;
/** Length of belt that the monitor sees, m. */
const seenM = 2;

/** Share of photons of an energy that the crystal takes at all, and of those the share in the full peak. */
const stopped = (keV: number): number => Math.min(0.95, 1.1 * (keV / 100) ** -0.32);
const peakShare = (keV: number): number => Math.min(0.9, 0.9 * (keV / 100) ** -0.45);

/** Share of the surroundings that a load lets through. */
const passedBy = (kgPerM: number): number =>
  1 - hiddenShare * Math.min(1.2, Math.max(0, kgPerM) / fullKgPerM);

/** Photons of so many a second that reach the monitor from a point. */
function reaching({ areaCm2, distanceM }: GammaMonitor, alongM: number): number {
  const squared = (distanceM ** 2 + alongM ** 2) * 1e4;
  return areaCm2 / (4 * Math.PI * squared + areaCm2);
}

const hematite = { Fe: 0.6994, O: 0.3006 };

/** What a monitor counts of a load on the belt, and the dose rate there. */
export class GammaField {
  readonly #monitor: GammaMonitor;
  readonly #nuclides = readNuclides();
  readonly #attenuation = new Attenuation();

  constructor(monitor: GammaMonitor = usualMonitor) {
    this.#monitor = monitor;
  }

  /** Depth of so many centimetres of ore, at an energy. */
  #depth(keV: number, centimetres: number): number {
    return this.#attenuation.of(hematite, keV / 1000) * oreGramsPerCm3 * centimetres;
  }

  #nuclide(name: string): Nuclide {
    const found = this.#nuclides[name];
    if (!found) throw new RangeError(`There are no lines of ${name}.`);
    return found;
  }

  /** Expected counts a second by channel. Throws RangeError for a nuclide that is not in the table. */
  expected(load: GammaLoad): Float64Array {
    const monitor = this.#monitor;
    const into = new Float64Array(monitor.channels);
    addBackground(into, monitor, passedBy(load.kgPerM));
    for (const [name, activity] of Object.entries(load.bqPerKg))
      for (const [keV, share] of this.#nuclide(name).lines) {
        // Ore hides most of itself: only what lies within about a free path of the surface gets out.
        const depth = Math.max(1e-6, this.#depth(keV, load.kgPerM / oreGramsPerCm3 / 100));
        const own = -Math.expm1(-depth) / depth;
        addLine(into, monitor, keV, activity * load.kgPerM * seenM * share * own * reaching(monitor, 0.5));
      }
    const { source } = load;
    if (source)
      for (const [keV, share] of this.#nuclide(source.nuclide).lines) {
        const through = Math.exp(-this.#depth(keV, 100 * source.depthM));
        const photons = source.megabecquerel * 1e6 * share * through;
        addLine(into, monitor, keV, photons * reaching(monitor, source.alongM));
      }
    return into;
  }

  /** Dose rate at the monitor, uSv/h: surroundings, ore and source. */
  doseRate({ kgPerM, bqPerKg, source }: GammaLoad): number {
    const square = this.#monitor.distanceM ** 2;
    const surroundings = 0.08 * passedBy(kgPerM);
    const ore = Object.entries(bqPerKg).reduce(
      (sum, [name, activity]) =>
        sum + (this.#nuclide(name).doseConstant * activity * kgPerM * seenM * 0.25) / 1e6 / square,
      0,
    );
    if (!source) return surroundings + ore;
    const { doseConstant, lines } = this.#nuclide(source.nuclide);
    const shares = lines.reduce((sum, [, share]) => sum + share, 0);
    const mean = lines.reduce((sum, [keV, share]) => sum + keV * share, 0) / shares;
    const through = Math.exp(-this.#depth(mean, 100 * source.depthM));
    return (
      surroundings + ore + (doseConstant * source.megabecquerel * through) / (square + source.alongM ** 2)
    );
  }
}

/** Counts of so many seconds, drawn. */
export const gammaCounts = (expected: Float64Array, seconds: number, random: Random): Float64Array =>
  expected.map((rate) => random.poisson(rate * seconds));

/** A falling continuum with the lines of potassium, radium and thorium in the ground. */
function addBackground(into: Float64Array, monitor: GammaMonitor, passed: number): void {
  const shape = into.map((_, i) => Math.exp(-((i + 0.5) * monitor.keVPerChannel) / 320));
  const sum = shape.reduce((all, value) => all + value, 0);
  const rate = monitor.background * passed;
  for (let i = 0; i < into.length; i++)
    into[i] = (into[i] as number) + (0.97 * rate * (shape[i] as number)) / sum;
  for (const [keV, share] of [
    [1460.8, 0.015],
    [609.3, 0.008],
    [2614.5, 0.007],
  ] as const)
    addPeak(into, monitor, keV, rate * share);
}

/** Photons of a line a second, as peak and as what Compton leaves below its edge. */
function addLine(into: Float64Array, monitor: GammaMonitor, keV: number, photons: number): void {
  const counted = photons * stopped(keV);
  addPeak(into, monitor, keV, counted * peakShare(keV));
  const edge = keV - keV / (1 + (2 * keV) / 511);
  const below = Math.max(1, Math.floor(edge / monitor.keVPerChannel));
  const each = (counted * (1 - peakShare(keV))) / below;
  for (let i = 0; i < Math.min(below, into.length); i++) into[i] = (into[i] as number) + each;
}

function addPeak(
  into: Float64Array,
  { keVPerChannel, resolution }: GammaMonitor,
  keV: number,
  area: number,
): void {
  const sigma = (resolution * Math.sqrt(662 * keV)) / 2.355;
  for (let i = 0; i < into.length; i++) {
    const x = ((i + 0.5) * keVPerChannel - keV) / sigma;
    if (Math.abs(x) < 5)
      into[i] =
        (into[i] as number) +
        (area * keVPerChannel * Math.exp(-0.5 * x * x)) / (sigma * Math.sqrt(2 * Math.PI));
  }
}
