import type { ForeignKind } from '#models/physics/ore/foreign-bodies';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** What the demo asks of the thread that has the physics of ore. */
export type OreRequest =
  | { readonly ask: 'lot'; readonly brand: string; readonly seed: number }
  | { readonly ask: 'tonne'; readonly waste?: string; readonly share?: number; readonly seed: number }
  | {
      readonly ask: 'picture';
      /** Absent: the bare belt. */
      readonly brand?: string;
      readonly waste?: string;
      readonly share?: number;
      readonly foreign?: ForeignKind;
      readonly seed: number;
    };

/** Its answers, in the order of the questions; the axes come first, once. */
export type OreAnswer =
  | {
      readonly ask: 'axes';
      readonly nirNm: Float64Array;
      readonly gainKeV: number;
      readonly offsetKeV: number;
      readonly channels: number;
    }
  | { readonly ask: 'lot' }
  | { readonly ask: 'tonne'; readonly nir: Float32Array; readonly xrf: Float32Array }
  | { readonly ask: 'picture'; readonly ppm: Uint8Array };
