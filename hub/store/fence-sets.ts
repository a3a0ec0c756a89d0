import type { Feature } from 'geojson';

/** Areas or lines: a set holds one kind. */
export type FenceSetKind = 'fences' | 'routes';

/** A named set of fences or routes, as it is now. */
export interface FenceSetRecord {
  readonly name: string;
  readonly kind: FenceSetKind;
  readonly title: string;
  /** Site that it belongs to; absent: all. */
  readonly site?: string;
  /** Counts up from 1 with every change. */
  readonly version: number;
  readonly features: number;
}

export interface FenceSetVersion {
  readonly version: number;
  readonly time: number;
  readonly actor: string;
  readonly note?: string;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** A fence as it is to be, or, without a feature, that it is to go. */
export interface FenceChange {
  readonly id: string;
  readonly feature?: Feature;
}

export interface FenceRow {
  readonly id: string;
  /** Version of the set that it is of. */
  readonly version: number;
  readonly feature: Feature;
}

export interface FenceSetChange {
  readonly name: string;
  readonly kind: FenceSetKind;
  readonly title: string;
  readonly site?: string;
  /** Version that the changes are made to; 0 for a new set. */
  readonly after: number;
  readonly time: number;
  readonly actor: string;
  readonly note?: string;
  readonly changes: readonly FenceChange[];
}

/**
 * Fence sets with all their versions. A change costs what it changes: a set is put together from the newest
 * row of each fence up to a version. Features come in order of their ids.
 */
export interface FenceSetStore {
  list(): Promise<FenceSetRecord[]>;
  one(name: string): Promise<FenceSetRecord | undefined>;
  /** As of a version; the newest when absent. */
  features(name: string, version?: number): Promise<FenceRow[]>;
  feature(name: string, id: string): Promise<FenceRow | undefined>;
  /** Undefined when `after` is not the newest version: somebody else was first, and nothing is stored. */
  change(change: FenceSetChange): Promise<FenceSetVersion | undefined>;
  /** Newest first, below `before`. */
  history(name: string, before: number, limit: number): Promise<FenceSetVersion[]>;
  /** All versions of one fence, newest first; without a feature: it was taken away. */
  featureHistory(name: string, id: string): Promise<({ readonly version: number } & FenceChange)[]>;
}

/** What a change does to a set, by whether each fence is there before. */
export function countChanges(
  changes: readonly FenceChange[],
  isThere: (id: string) => boolean,
): Pick<FenceSetVersion, 'added' | 'changed' | 'removed'> {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const { id, feature } of changes) {
    if (!feature) counts.removed += isThere(id) ? 1 : 0;
    else if (isThere(id)) counts.changed += 1;
    else counts.added += 1;
  }
  return counts;
}
