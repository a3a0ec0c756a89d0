import type { Feature } from 'geojson';
import type { FenceRow, FenceSetKind, FenceSetRecord, FenceSetVersion } from './fence-sets.ts';

/** Rows of fence sets are the same in both databases. */
export interface SetRow {
  readonly name: string;
  readonly kind: FenceSetKind;
  readonly title: string;
  readonly site: string | null;
  readonly version: number;
  readonly features: number;
}
export interface VersionRow {
  readonly version: number;
  readonly time: number;
  readonly actor: string;
  readonly note: string | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}
export interface FeatureRow {
  readonly id: string;
  readonly version: number;
  readonly json: string | null;
}

export const toSet = ({ site, ...row }: SetRow): FenceSetRecord => ({
  ...row,
  ...(site === null ? {} : { site }),
});
export const toVersion = ({ note, ...row }: VersionRow): FenceSetVersion => ({
  ...row,
  ...(note === null ? {} : { note }),
});
export const toFence = ({ id, version, json }: FeatureRow): FenceRow => ({
  id,
  version,
  feature: JSON.parse(json ?? 'null') as Feature,
});
export const toChange = ({ id, version, json }: FeatureRow) => ({
  id,
  version,
  ...(json === null ? {} : { feature: JSON.parse(json) as Feature }),
});
