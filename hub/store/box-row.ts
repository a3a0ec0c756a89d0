import type { Status } from '#flows/wire';
import type { LinkState } from '../api/types.ts';
import type { BoxMoment, BoxRecord } from './store.ts';

/** A box, and what it was at a moment, as both stores keep them in rows; times are epoch ms. */
export interface BoxRow {
  readonly box: string;
  readonly name: string;
  readonly site: string;
  readonly signing_key: string;
  readonly fingerprint: string;
  readonly enrolled: number;
  readonly revoked: number | null;
}
export interface MomentRow {
  readonly box: string;
  readonly since: number | null;
  readonly state: LinkState | null;
  readonly heard: number | null;
  readonly json: string | null;
}

export const toRecord = (row: BoxRow): BoxRecord => ({
  box: row.box,
  name: row.name,
  site: row.site,
  signingKey: row.signing_key,
  fingerprint: row.fingerprint,
  enrolled: row.enrolled,
  ...(row.revoked !== null && { revoked: row.revoked }),
});

export function toMoment({ box, state, since, heard, json }: MomentRow): BoxMoment {
  return {
    box,
    ...(state !== null && since !== null && { link: { state, since } }),
    ...(heard !== null && json !== null && { status: { status: JSON.parse(json) as Status, heard } }),
  };
}
