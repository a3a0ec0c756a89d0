import type { Response } from '../../xrf/response.ts';
import type { Random } from '../xray/random.ts';
import { type Tube, usualTube } from './tube.ts';

/** A fluorescence analyser over the belt: tube, detector, and how it is mounted. */
export interface XrfInstrument {
  readonly tube: Tube;
  readonly response: Response;
  readonly channels: number;
  /** Beryllium window and silicon of the detector, mm. */
  readonly windowMm: number;
  readonly siliconMm: number;
  /** Air between ore and detector, mm, and the gap that the count rate is for. */
  readonly gapMm: number;
  /** Photons a second that reach the detector over iron oxide at that gap. */
  readonly rate: number;
  /** How close two photons come as one, and how long one keeps the electronics busy, s. */
  readonly resolvingS: number;
  readonly deadS: number;
}

export const usualXrf: XrfInstrument = {
  tube: usualTube,
  response: {
    offsetKeV: 0,
    gainKeV: 0.03,
    quadraticKeV: 0,
    noiseKeV: 0.075,
    fano: 0.115,
    tailShare: 0.012,
    tailSigmas: 2.5,
    escapeScale: 1,
  },
  channels: 800,
  windowMm: 0.0125,
  siliconMm: 1,
  gapMm: 12,
  rate: 3e5,
  resolvingS: 1e-7,
  deadS: 1e-6,
};

/** One of a make, as they differ after they were set by their energy lines and a coupon: resolution, gain, tail, tube, mounting. */
export function drawXrf(random: Random): XrfInstrument {
  const { response, tube } = usualXrf;
  return {
    ...usualXrf,
    tube: { ...tube, filterMm: tube.filterMm * (1 + 0.005 * random.normal()) },
    response: {
      ...response,
      offsetKeV: 0.002 * random.normal(),
      gainKeV: response.gainKeV * (1 + 3e-4 * random.normal()),
      noiseKeV: response.noiseKeV * random.between(0.9, 1.15),
      tailShare: response.tailShare * random.between(0.7, 1.4),
    },
    gapMm: random.between(10, 14),
    rate: usualXrf.rate * random.between(0.8, 1.1),
  };
}
