/** How a silicon drift detector and its electronics show a photon. */
export interface Response {
  /** Energy of channel 0 and width of a channel, keV, and the quadratic term. */
  readonly offsetKeV: number;
  readonly gainKeV: number;
  readonly quadraticKeV: number;
  /** Electronic noise, full width at half maximum, keV. */
  readonly noiseKeV: number;
  /** Fano factor; about 0.115 in silicon. */
  readonly fano: number;
  /** Share of a peak in its tail towards lower energies, and how long that is, in widths (sigma). */
  readonly tailShare: number;
  readonly tailSigmas: number;
  /** Escape peaks beside what a thick silicon detector has. */
  readonly escapeScale: number;
}

/** Energy that makes one pair of charges in silicon, keV. */
export const pairKeV = 0.00365;
/** A photon of silicon's own that leaves the detector takes so much along. */
export const escapeKeV = 1.74;
/** Silicon's K edge: below it nothing escapes. */
export const siliconEdgeKeV = 1.839;

const sigmaPerFwhm = 1 / Math.sqrt(8 * Math.log(2));

export const energyAt = ({ offsetKeV, gainKeV, quadraticKeV }: Response, channel: number): number =>
  offsetKeV + channel * (gainKeV + channel * quadraticKeV);

/** Channel of an energy; the quadratic term is small, so a few steps of Newton are enough. */
export function channelOf(response: Response, energyKeV: number): number {
  let channel = (energyKeV - response.offsetKeV) / response.gainKeV;
  if (response.quadraticKeV === 0) return channel;
  for (let step = 0; step < 4; step++) {
    const slope = response.gainKeV + 2 * channel * response.quadraticKeV;
    channel += (energyKeV - energyAt(response, channel)) / slope;
  }
  return channel;
}

/** Width of a peak, standard deviation in keV. */
export function sigmaKeV({ noiseKeV, fano }: Response, energyKeV: number): number {
  const noise = noiseKeV * sigmaPerFwhm;
  return Math.sqrt(noise * noise + pairKeV * fano * Math.max(0, energyKeV));
}

/** Share of a line's photons that end in its escape peak (Reed and Ware, J. Phys. E 5 (1972) 582, silicon). */
export function escapeShare(energyKeV: number): number {
  if (energyKeV <= siliconEdgeKeV) return 0;
  // Absorption of silicon falls with the 2.8th power above its edge; 1/mu of its own line stands for the escape depth.
  const ratio = (energyKeV / escapeKeV) ** -2.8 * 10.1;
  const absorbed = 1 - Math.log(1 + ratio) / ratio;
  const share = 0.5 * 0.902 * 0.0467 * (ratio > 1e-6 ? absorbed : ratio / 2);
  return share / (1 - share);
}

/** Shape of one line of area 1, added times `area` into channels from `from`, integrated over each channel. */
export function addPeak(
  into: Float64Array,
  from: number,
  response: Response,
  energyKeV: number,
  area: number,
): void {
  const sigma = sigmaKeV(response, energyKeV);
  const centre = channelOf(response, energyKeV);
  const width = sigma / (response.gainKeV + 2 * centre * response.quadraticKeV);
  const { tailShare, tailSigmas } = response;
  const reach = reachSigmas(response);
  const begin = Math.max(from, Math.floor(centre - reach * width));
  const end = Math.min(from + into.length, Math.ceil(centre + peakSigmas * width) + 1);
  const gauss = (1 - tailShare) * area;
  for (let channel = begin; channel < end; channel++) {
    const low = (channel - 0.5 - centre) / width;
    const high = (channel + 0.5 - centre) / width;
    let value = gauss * (normalBelow(high) - normalBelow(low));
    if (tailShare > 0) value += (tailShare * area * tail((low + high) / 2, tailSigmas)) / width;
    into[channel - from] = (into[channel - from] as number) + value;
  }
}

/** Beyond so many sigmas a Gaussian counts as nothing. */
export const peakSigmas = 5;
/** How far a peak reaches downwards, sigmas. */
export const reachSigmas = ({ tailShare, tailSigmas }: Response): number =>
  tailShare > 0 ? Math.max(peakSigmas, 6 * tailSigmas) : peakSigmas;

/** An exponential towards lower energies, folded with the Gaussian, of area 1, at x sigmas from the centre. */
function tail(x: number, length: number): number {
  const exponent = x / length + 1 / (2 * length * length);
  return (Math.exp(Math.min(exponent, 50)) * complement((x + 1 / length) / Math.SQRT2)) / (2 * length);
}

/** erfc by Numerical Recipes' Chebyshev fit, relative error below 1.2e-7. */
function complement(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + z / 2);
  const series =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t *
                      (0.27886807 +
                        t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const value = t * Math.exp(-z * z + series);
  return x >= 0 ? value : 2 - value;
}

const normalBelow = (x: number): number => complement(-x / Math.SQRT2) / 2;
