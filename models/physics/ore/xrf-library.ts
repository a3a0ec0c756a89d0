import { energyAt } from '../../xrf/response.ts';
import { groupTemplate, type Template, templateOf } from '../../xrf/template.ts';
import type { Composition, XrayAttenuation } from './attenuation.ts';
import { addBroad, comptonOf, efficiency, gapFactor, scatterSigma } from './belt-xrf.ts';
import { Fluorescence, type Path } from './fluorescence.ts';
import { tubeBeam } from './tube.ts';
import type { XrfInstrument } from './xrf-instrument.ts';

/** Elements that compositions for the library may have, in this order. */
export const libraryElements = [
  'H',
  'C',
  'O',
  'Na',
  'Mg',
  'Al',
  'Si',
  'P',
  'S',
  'Cl',
  'K',
  'Ca',
  'Ti',
  'V',
  'Cr',
  'Mn',
  'Fe',
  'Ni',
  'Cu',
  'Zn',
  'As',
  'Sr',
  'Zr',
  'Pb',
] as const;
const count = libraryElements.length;

/** Less of an exciting element than this, by mass, excites nothing that is seen. */
const leastExciting = 0.002;
/** A channel with more than this share of all photons is strong: its pile-up with all others is folded. */
const strongShare = 1e-4;
/** Below this nothing comes through, and tables end. */
const lowestKeV = 1.1;
const sine = (degrees: number): number => Math.sin((degrees * Math.PI) / 180);

/** A thing that sends photons of one energy: how they are weakened on the way, and what they look like. */
interface Sent {
  readonly energyKeV: number;
  readonly efficiency: number;
  /** Depths of 1 mm of air and of 1 mm of water film. */
  readonly airPerMm: number;
  readonly filmPerMm: number;
  readonly template: Template;
}

const fractionsOf = (ore: Composition): Float64Array =>
  Float64Array.from(libraryElements, (symbol) => ore[symbol] ?? 0);

/**
 * Spectra of ore on the belt from parts that are computed once for an instrument: attenuation, excitation and the shape of every line. Sherman's
 * equation is evaluated anew for each composition, so what it gives differs from BeltXrf by pile-up of weak photons and one transmission a line group
 * (xrf-library.test.ts says by how much).
 */
export class XrfLibrary {
  readonly instrument: XrfInstrument;
  readonly #groups: (Sent & { readonly element: number })[] = [];
  readonly #elastic: Sent[] = [];
  readonly #compton: Sent[] = [];
  readonly #entering: Float64Array;
  readonly #leaving: Float64Array;
  readonly #comptonLeaving: Float64Array;
  readonly #groupLeaving: Float64Array;
  readonly #coherent: Float64Array;
  readonly #incoherent: Float64Array;
  readonly #excited: Float64Array;
  /** Group, the group that excites it, and photons for each that is taken. */
  readonly #pairs: readonly (readonly [number, number, number])[];
  readonly #beams: number;
  readonly #scale: number;
  readonly #rates: Float64Array;
  readonly #folded: Float64Array;
  readonly #filmDepths: Float64Array;

  constructor(instrument: XrfInstrument, attenuation: XrayAttenuation) {
    this.instrument = instrument;
    const { response, channels, tube } = instrument;
    const beam = tubeBeam(tube, attenuation);
    const fluorescence = new Fluorescence(attenuation);
    const all = Object.fromEntries(libraryElements.map((symbol) => [symbol, 1]));
    const mu = (energy: number) =>
      libraryElements.map((symbol) => attenuation.total({ [symbol]: 1 }, energy));
    const sent = (energyKeV: number, template: Template): Sent => ({
      energyKeV,
      template,
      efficiency: efficiency(instrument, attenuation, energyKeV),
      airPerMm: -Math.log(
        fluorescence.transmission({ airMm: 1, waterFilmMm: 0, takeOffDeg: tube.takeOffDeg }, energyKeV),
      ),
      filmPerMm: -Math.log(
        fluorescence.transmission({ airMm: 0, waterFilmMm: 1, takeOffDeg: tube.takeOffDeg }, energyKeV),
      ),
    });
    const broad = (energyKeV: number, sigma: number) => {
      const dense = new Float64Array(channels);
      addBroad(dense, response, energyKeV, sigma, 1);
      return templateOf(dense, 1e-4);
    };
    this.#beams = beam.lines.length;
    const highest = Math.max(...beam.lines.map(({ energyKeV }) => energyKeV));
    const emitters = fluorescence.emitters(all, highest);
    for (const { symbol, group, energyKeV } of emitters)
      this.#groups.push({
        ...sent(energyKeV, groupTemplate(group, response, channels)),
        element: (libraryElements as readonly string[]).indexOf(symbol),
      });
    for (const [place, { energyKeV }] of beam.lines.entries()) {
      const continuum = place < beam.continuum;
      const compton = comptonOf(energyKeV, tube.takeOffDeg + tube.incidentDeg);
      this.#elastic.push(sent(energyKeV, broad(energyKeV, scatterSigma(continuum, undefined))));
      this.#compton.push(sent(compton, broad(compton, scatterSigma(continuum, compton))));
    }
    const [into, out] = [1 / sine(tube.incidentDeg), 1 / sine(tube.takeOffDeg)];
    const flat = (rows: readonly (readonly number[])[], factor: number) =>
      Float64Array.from(rows.flat(), (value) => value * factor);
    this.#entering = flat(
      beam.lines.map(({ energyKeV }) => mu(energyKeV)),
      into,
    );
    this.#leaving = flat(
      beam.lines.map(({ energyKeV }) => mu(energyKeV)),
      out,
    );
    this.#comptonLeaving = flat(
      this.#compton.map(({ energyKeV }) => mu(energyKeV)),
      out,
    );
    this.#groupLeaving = flat(
      this.#groups.map(({ energyKeV }) => mu(energyKeV)),
      out,
    );
    const of = (process: 'coherent' | 'incoherent') =>
      flat(
        beam.lines.map(({ energyKeV, photons }) =>
          libraryElements.map((symbol) => photons * attenuation.of(symbol, energyKeV, process)),
        ),
        1,
      );
    this.#coherent = of('coherent');
    this.#incoherent = of('incoherent');
    this.#excited = flat(
      emitters.map((emitter) =>
        beam.lines.map(({ energyKeV, photons }) => photons * fluorescence.excited(emitter, energyKeV)),
      ),
      1,
    );
    this.#pairs = emitters.flatMap((exciter, h) =>
      emitters.flatMap((emitter, g) => {
        const rate = fluorescence.excited(emitter, exciter.energyKeV);
        return rate > 0 ? [[g, h, rate] as const] : [];
      }),
    );
    this.#rates = new Float64Array(channels);
    this.#filmDepths = this.#rates.map((_, channel) => {
      const energy = Math.min(highest, Math.max(lowestKeV, energyAt(response, channel)));
      const path = { airMm: 0, waterFilmMm: 1, takeOffDeg: tube.takeOffDeg };
      return -Math.log(fluorescence.transmission(path, energy));
    });
    this.#folded = new Float64Array(channels);
    this.#arrive(fractionsOf({ Fe: 0.6994, O: 0.3006 }), { airMm: instrument.gapMm, waterFilmMm: 0 }, 1);
    this.#scale = instrument.rate / this.#rates.reduce((sum, value) => sum + value, 0);
  }

  /** Depth of 1 mm of water film on the ore at the energy of each channel. */
  filmDepths(): Float64Array {
    return this.#filmDepths;
  }

  /** Expected counts by channel, into `counts`; fractions are by mass, in the order of `libraryElements`. */
  expected(
    fractions: Float64Array,
    path: Pick<Path, 'airMm' | 'waterFilmMm'>,
    seconds: number,
    counts: Float64Array,
  ): void {
    const { resolvingS, deadS } = this.instrument;
    this.#arrive(fractions, path, this.#scale * gapFactor(this.instrument, path.airMm));
    const rates = this.#rates;
    let rate = 0;
    for (let i = 0; i < rates.length; i++) rate += rates[i] as number;
    this.#fold(rate);
    const live = seconds / (1 + rate * deadS);
    const single = live * (1 - 2 * rate * resolvingS);
    let pairs = 0;
    for (let i = 0; i < rates.length; i++) pairs += this.#folded[i] as number;
    // Pairs of two weak photons are taken to lie as the others do.
    const double = (live * resolvingS * rate * rate) / Math.max(pairs, Number.MIN_VALUE);
    for (let i = 0; i < counts.length; i++)
      counts[i] = single * (rates[i] as number) + double * (this.#folded[i] as number);
  }

  /** Pairs of photons of which one at least is of a strong line; pairs of two weak ones are added by their number alone. */
  #fold(rate: number): void {
    const { offsetKeV, gainKeV } = this.instrument.response;
    const [rates, folded] = [this.#rates, this.#folded.fill(0)];
    const shift = Math.round(offsetKeV / gainKeV);
    const strong = strongShare * rate;
    for (let i = 0; i < rates.length; i++) {
      const one = rates[i] as number;
      if (one < strong) continue;
      const end = Math.min(rates.length, rates.length - i - shift);
      for (let j = Math.max(0, -i - shift); j < end; j++) {
        const other = rates[j] as number;
        folded[i + j + shift] =
          (folded[i + j + shift] as number) + one * (other < strong ? 2 * other : other);
      }
    }
  }

  #arrive(
    fractions: Float64Array,
    { airMm, waterFilmMm }: Pick<Path, 'airMm' | 'waterFilmMm'>,
    scale: number,
  ): void {
    const rates = this.#rates.fill(0);
    const beams = this.#beams;
    const entering = weighted(this.#entering, fractions, beams);
    const leaving = weighted(this.#leaving, fractions, beams);
    const comptonLeaving = weighted(this.#comptonLeaving, fractions, beams);
    const coherent = weighted(this.#coherent, fractions, beams);
    const incoherent = weighted(this.#incoherent, fractions, beams);
    const own = weighted(this.#groupLeaving, fractions, this.#groups.length);
    const emitted = this.#emitted(fractions, entering, own);
    const through = (one: Sent) =>
      scale * one.efficiency * Math.exp(-one.airPerMm * airMm - one.filmPerMm * waterFilmMm);
    for (const [g, group] of this.#groups.entries())
      if ((emitted[g] as number) > 0)
        addTemplate(rates, group.template, (emitted[g] as number) * through(group));
    for (let b = 0; b < beams; b++) {
      const [elastic, compton] = [this.#elastic[b] as Sent, this.#compton[b] as Sent];
      const [into, out] = [entering[b] as number, leaving[b] as number];
      addTemplate(rates, elastic.template, ((coherent[b] as number) / (into + out)) * through(elastic));
      const weak = (incoherent[b] as number) / (into + (comptonLeaving[b] as number));
      addTemplate(rates, compton.template, weak * through(compton));
    }
  }

  /** Photons of each group, primary and secondary. */
  #emitted(fractions: Float64Array, entering: Float64Array, own: Float64Array): Float64Array {
    const beams = this.#beams;
    const emitted = new Float64Array(this.#groups.length);
    for (const [g, { element }] of this.#groups.entries()) {
      const share = fractions[element] as number;
      if (share === 0) continue;
      let sum = 0;
      for (let b = 0; b < beams; b++)
        sum += (this.#excited[g * beams + b] as number) / ((entering[b] as number) + (own[g] as number));
      emitted[g] = share * sum;
    }
    const takeOff = sine(this.instrument.tube.takeOffDeg);
    let last = -1;
    const logs = new Float64Array(beams);
    for (const [g, h, rate] of this.#pairs) {
      const share = fractions[this.#groups[g]?.element ?? 0] as number;
      const exciting = fractions[this.#groups[h]?.element ?? 0] as number;
      if (share === 0 || exciting < leastExciting) continue;
      const between = (own[h] as number) * takeOff;
      if (h !== last) {
        for (let b = 0; b < beams; b++)
          logs[b] = Math.log(1 + (entering[b] as number) / between) / (entering[b] as number);
        last = h;
      }
      const out = own[g] as number;
      const outward = Math.log(1 + out / between) / out;
      let sum = 0;
      for (let b = 0; b < beams; b++)
        sum +=
          ((this.#excited[h * beams + b] as number) * ((logs[b] as number) + outward)) /
          ((entering[b] as number) + out);
      emitted[g] = (emitted[g] as number) + 0.5 * share * rate * exciting * sum;
    }
    return emitted;
  }
}

/** Rows of one value an element times the fractions. */
function weighted(rows: Float64Array, fractions: Float64Array, length: number): Float64Array {
  const found = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    let sum = 0;
    for (let e = 0; e < count; e++) sum += (rows[row * count + e] as number) * (fractions[e] as number);
    found[row] = sum;
  }
  return found;
}

function addTemplate(into: Float64Array, { segments }: Template, area: number): void {
  for (const { start, values } of segments)
    for (let i = 0; i < values.length; i++)
      into[start + i] = (into[start + i] as number) + area * (values[i] as number);
}
