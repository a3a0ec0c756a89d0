import type { Feature, FeatureCollection } from 'geojson';

/** GET /fence-sets: what there is, and which version is the newest. */
export interface FenceSetView {
  readonly name: string;
  readonly kind: 'fences' | 'routes';
  readonly title: string;
  readonly site?: string;
  readonly version: number;
  readonly features: number;
}
export interface FenceSetList {
  readonly sets: readonly FenceSetView[];
}

/** GET /fence-sets/:set?version: GeoJSON, which says itself what it is; it can be given to a flow as it stands. */
export type FenceCollection = FeatureCollection & FenceSetView;

/** GET /fence-sets/:set/history?before&limit, newest first. */
export interface FenceHistory {
  readonly versions: readonly {
    readonly version: number;
    readonly time: string;
    readonly actor: string;
    readonly note?: string;
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
  }[];
}

/** GET /fence-sets/:set/diff?from&to: what is different between two versions. */
export interface FenceDiff {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly { readonly id: string; readonly before?: Feature; readonly after?: Feature }[];
}

export interface FenceProblem {
  /** The fence; empty: the whole. */
  readonly id: string;
  readonly path: string;
  readonly message: string;
}

/** POST /fence-sets/:set/check: nothing is stored. */
export interface FenceCheck {
  readonly problems: readonly FenceProblem[];
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}
