import type { ScanAttributes, ScanRegion } from '#flows/scan';
import type { BuiltLoad } from './scene/build.ts';

/** What is really in a simulated scan. */
export interface ScanTruth {
  /** No load at all; what may stay in an empty container is no load. */
  readonly empty: boolean;
  readonly loads: readonly (BuiltLoad & { readonly region: ScanRegion })[];
  readonly container: ScanRegion;
  /** [column * rows + row]: 0 nothing, 1 a load, 2 something that may stay. */
  readonly cargoMask: Uint8Array;
  /** Areal density of all loads, g/cm2, as the mask. */
  readonly arealGCm2: Float32Array;
}

/** A calibrated scan, laid out as `Pixels` of flows/scan.ts. */
export interface SimulatedScan {
  readonly columns: number;
  readonly rows: number;
  readonly planes: readonly ['high', 'low'];
  readonly samples: Uint16Array;
  readonly pixelMm: number;
  /** Those of `ScanAttributes` that do not speak of one strip. */
  readonly attributes: Pick<
    ScanAttributes,
    'scanner' | 'energiesMv' | 'pixelMm' | 'airLevel' | 'started' | 'calibration' | 'badPixels' | 'speedMps'
  >;
  readonly truth: ScanTruth;
}
