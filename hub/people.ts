import { hash, verify } from '@node-rs/argon2';
import type { Role, Session } from './api/types.ts';
import type { Audit } from './audit.ts';
import { faults } from './faults.ts';
import { hashSecret, mintSecret } from './secrets.ts';
import type { PeopleStore, SessionRecord, UserRecord } from './store/store.ts';

export const allRoles: readonly Role[] = ['viewer', 'analyst', 'inspector', 'operator', 'admin', 'auditor'];
export const minPasswordLength = 12;

/** OWASP's parameters for argon2id (the library's default algorithm): 19 MiB, two passes. */
const argon = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** At most so many are tried at the same time; others are told to wait. */
const maxTrials = 4;

export const hashPassword = (password: string): Promise<string> => {
  if (password.length < minPasswordLength) throw faults.fault('user.password');
  return hash(password, argon);
};

export interface SignIn {
  readonly session: Session;
  /** The cookie's value. */
  readonly secret: string;
}

/** Makes a link's token for a person with these roles; it counts once. */
export async function mintSignIn(
  people: PeopleStore,
  user: Pick<UserRecord, 'name' | 'roles' | 'sites'>,
  expires: number,
): Promise<string> {
  const secret = mintSecret();
  const { name, roles, sites } = user;
  const content = { name, roles, ...(sites && { sites }) };
  await people.addToken({ id: hashSecret(secret), purpose: 'signIn', expires, content });
  return secret;
}

/** Signs people in and out. */
export function createPeople(people: PeopleStore, audit: Audit, now: () => number, sessionMs: number) {
  let trials = 0;
  /** Compared with when there is no such user, so that names cannot be told from the time it takes. */
  let decoy: Promise<string> | undefined;

  async function open(user: Pick<UserRecord, 'name' | 'roles' | 'sites'>): Promise<SignIn> {
    const secret = mintSecret();
    const record: SessionRecord = {
      id: hashSecret(secret),
      user: user.name,
      roles: user.roles,
      ...(user.sites && { sites: user.sites }),
      expires: now() + sessionMs,
    };
    await people.addSession(record);
    await audit.note(user.name, 'session.begin', record.id.slice(0, 16));
    return { secret, session: toSession(record) };
  }

  return {
    /** Throws `api.credentials`. */
    async byToken(token: string): Promise<SignIn> {
      const found = await people.redeem(hashSecret(token), 'signIn', now());
      if (!found) throw faults.fault('api.credentials');
      return open(found.content as unknown as UserRecord);
    },
    /** Throws `api.credentials`, `api.busy`. */
    async byPassword(name: string, password: string): Promise<SignIn> {
      if (trials >= maxTrials) throw faults.fault('api.busy');
      trials += 1;
      try {
        const user = await people.user(name);
        decoy ??= hash(mintSecret(), argon);
        const right = await verify(user?.password ?? (await decoy), password);
        if (!right || user?.password === undefined) {
          await audit.note(`user:${hashSecret(name).slice(0, 16)}`, 'session.refuse', 'password');
          throw faults.fault('api.credentials');
        }
        return await open(user);
      } finally {
        trials -= 1;
      }
    },
    async end(session: SessionRecord): Promise<void> {
      await people.endSession(session.id);
      await audit.note(session.user, 'session.end', session.id.slice(0, 16));
    },
  };
}
export type People = ReturnType<typeof createPeople>;

export const toSession = (record: SessionRecord): Session => ({
  user: record.user,
  roles: record.roles,
  expires: new Date(record.expires).toISOString(),
});
