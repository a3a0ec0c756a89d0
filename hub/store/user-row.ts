import type { Role } from '../api/types.ts';
import type { UserRecord } from './store.ts';

/** A user as both stores keep it in a row: lists are JSON. */
export interface UserRow {
  readonly name: string;
  readonly password: string | null;
  readonly roles: string;
  readonly sites: string | null;
}

export const toUser = (row: UserRow): UserRecord => ({
  name: row.name,
  ...(row.password !== null && { password: row.password }),
  roles: JSON.parse(row.roles) as Role[],
  ...(row.sites !== null && { sites: JSON.parse(row.sites) as string[] }),
});
