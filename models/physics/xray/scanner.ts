/** What a line scanner is: data alone, so that a profile can be written down, held out and compared. */
export interface ScannerProfile {
  readonly id: string;
  /** Accelerating voltages, MV. */
  readonly highMv: number;
  readonly lowMv: number;
  /** Side of a pixel in the plane through the middle of the lane, mm. */
  readonly pixelMm: number;
  readonly geometry: {
    readonly sourceToCentreMm: number;
    readonly sourceToDetectorMm: number;
    /** Above the road. */
    readonly sourceHeightMm: number;
    /** Field of view in the middle of the lane, above the road. */
    readonly topMm: number;
    readonly bottomMm: number;
  };
  /** Pulses of both energies a second; they alternate. */
  readonly pulsesPerSecond: number;
  readonly nominalSpeedMps: number;
  /** Photons that a detector element sees of a pulse in air. */
  readonly photonsHigh: number;
  readonly photonsLow: number;
  /** Electronics, ADU of 65,535: offset, signal in air of either energy, noise of one reading. */
  readonly darkAdu: number;
  readonly airAdu: number;
  readonly airLowAdu: number;
  readonly noiseAdu: number;
  /** Relative scatter of the dose from pulse to pulse, before and after the reference detector. */
  readonly doseJitter: number;
  readonly doseResidual: number;
  /** Relative gain error of an element that is left after calibration. */
  readonly gainResidual: number;
  /** Width of the detector's response, elements; of the focal spot, mm. */
  readonly psfFwhmPixels: number;
  readonly focalSpotMm: number;
  /** Share of a reading that is left in the next one of the same energy. */
  readonly afterglow: number;
  /** Scatter over primary a unit of optical thickness, its width along the detector (sigma, in the object plane), and the floor. */
  readonly scatter: { readonly perThickness: number; readonly sigmaMm: number; readonly floor: number };
  /** Relative error of the speed that is left in the columns, and how far it wanders. */
  readonly speedError: number;
  /** Relative swing of the beam over the height of the detector, after correction. */
  readonly wobble: number;
  /** Misalignment of the energies that is left, columns at the scanner's own pixel. */
  readonly lineShift: number;
}

const g1: ScannerProfile = {
  id: 'g1',
  highMv: 6,
  lowMv: 4,
  pixelMm: 5,
  geometry: {
    sourceToCentreMm: 4600,
    sourceToDetectorMm: 7800,
    sourceHeightMm: 1350,
    topMm: 5400,
    bottomMm: -500,
  },
  pulsesPerSecond: 400,
  nominalSpeedMps: 0.4,
  photonsHigh: 1e5,
  photonsLow: 5e4,
  darkAdu: 480,
  airAdu: 52_000,
  airLowAdu: 31_000,
  noiseAdu: 2,
  doseJitter: 0.02,
  doseResidual: 0.003,
  gainResidual: 0.0015,
  psfFwhmPixels: 1.2,
  focalSpotMm: 2,
  afterglow: 0.003,
  scatter: { perThickness: 0.012, sigmaMm: 200, floor: 2e-4 },
  speedError: 0.01,
  wobble: 0.002,
  lineShift: 0.05,
};

/** Width of the blur by detector and focal spot together, in the middle of the lane: sigma, mm. */
export function blurSigmaMm({ psfFwhmPixels, pixelMm, focalSpotMm, geometry }: ScannerProfile): number {
  const penumbra = focalSpotMm * (1 - geometry.sourceToCentreMm / geometry.sourceToDetectorMm);
  return Math.hypot(psfFwhmPixels * pixelMm, penumbra) / 2.355;
}

/** Scanners by name. G1 is what models are trained on; the others are held out. */
export const scanners = {
  g1,
  /** Another make: 9/6 MV, finer pixels, other blur, half the signal to noise, a drive-through's speed. */
  h1: {
    ...g1,
    id: 'h1',
    highMv: 9,
    lowMv: 6,
    pixelMm: 4,
    geometry: {
      sourceToCentreMm: 5400,
      sourceToDetectorMm: 8600,
      sourceHeightMm: 1900,
      topMm: 5200,
      bottomMm: -600,
    },
    photonsHigh: 1.6e4,
    photonsLow: 8e3,
    noiseAdu: 4,
    doseResidual: 0.004,
    gainResidual: 0.0025,
    psfFwhmPixels: 1.7,
    afterglow: 0.006,
    scatter: { perThickness: 0.018, sigmaMm: 260, floor: 4e-4 },
    speedError: 0.08,
    lineShift: 0.15,
  },
  /** A 6/3.5 MV machine: wider separation of the energies, a weaker low one. */
  m6: {
    ...g1,
    id: 'm6',
    lowMv: 3.5,
    photonsLow: 3.5e4,
    geometry: {
      sourceToCentreMm: 4200,
      sourceToDetectorMm: 7200,
      sourceHeightMm: 1100,
      topMm: 5400,
      bottomMm: -500,
    },
    psfFwhmPixels: 1.4,
  },
} as const satisfies Record<string, ScannerProfile>;

/** A calibration that has gone bad: gains drift over the scan, elements die unnoticed, the beam swings. */
export interface CalibrationFault {
  /** Relative change of gain over the scan, root mean square over the elements. */
  readonly drift?: number;
  /** Share of elements that are dead, hot or noisy and not corrected. */
  readonly badPixels?: number;
  /** Relative swing of the beam over the height of the detector. */
  readonly wobble?: number;
}

/** H5 of the protocol: what a scanner looks like whose calibration is overdue. */
export const overdueCalibration: CalibrationFault = { drift: 0.02, badPixels: 0.004, wobble: 0.02 };
