import type { Release } from '#flows/wire';

/** A release to box `b`, not signed, that says nothing but what is given. */
export const testRelease = (version: number, more: Partial<Release> = {}): Release => ({
  kind: 'release',
  id: `r-${version}`,
  version,
  box: 'b',
  issued: '2026-11-22T00:00:00.000Z',
  expires: '2036-11-22T00:00:00.000Z',
  flows: [],
  fenceSets: {},
  confirmLoss: [],
  signature: '',
  ...more,
});
