import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { type Command, type CommandIo, UsageError } from '#firmware-config/command';
import type { Role } from '../api/types.ts';
import { createAudit } from '../audit.ts';
import { type HubConfig, readHubConfig } from '../config.ts';
import { faults } from '../faults.ts';
import { allRoles, hashPassword, mintSignIn } from '../people.ts';
import { places } from '../places.ts';
import { openStore } from '../store/open.ts';
import type { Store, UserRecord } from '../store/store.ts';

const linkLifeMs = 3_600_000;
const local = 'command line';

function toRoles(text: string | undefined): Role[] {
  const roles = (text ?? 'viewer').split(',');
  return roles.map((name) => {
    const role = allRoles.find((known) => known === name);
    if (!role) throw new UsageError(`${name} is no role: ${allRoles.join(', ')}.`);
    return role;
  });
}

/** Adds a user with a password. Throws `user.exists`, `user.password`. */
export async function addUser(store: Store, user: UserRecord & { password: string }): Promise<void> {
  const password = await hashPassword(user.password);
  if (!(await store.people.addUser({ ...user, password })))
    throw faults.fault('user.exists', { name: user.name });
  const { name, roles, sites } = user;
  await createAudit(store.audit, Date.now).note(local, 'user.add', name, { roles, sites });
}

/** A one-time link for a user there is, or for an administrator of that name. */
export async function makeLink(store: Store, config: HubConfig, name: string): Promise<string> {
  const user = (await store.people.user(name)) ?? { name, roles: allRoles };
  const token = await mintSignIn(store.people, user, Date.now() + linkLifeMs);
  await createAudit(store.audit, Date.now).note(local, 'user.link', name);
  return `http://${config.http}/signin#${token}`;
}

async function readPassword({ stdin, stderr }: CommandIo): Promise<string> {
  stderr.write('Password, on one line of standard input: ');
  const lines = createInterface({ input: stdin });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}

/** `quaywatch user add|link|list`: people of a hub; it may run beside the hub. */
export const command: Command = {
  name: 'user',
  summary: 'Adds people to the hub, lists them, or makes a one-time sign-in link.',
  usage:
    'user add NAME [--roles viewer,operator] [--sites a,b] | user link NAME | user list, with --config FILE',
  async run(args, io) {
    const options = {
      config: { type: 'string' },
      roles: { type: 'string' },
      sites: { type: 'string' },
    } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [action, name] = positionals;
    if (!values.config) throw new UsageError('Which hub? --config FILE.');
    if (action !== 'list' && (!['add', 'link'].includes(action ?? '') || name === undefined))
      throw new UsageError('Say what to do, and with whom.');
    const config = await readHubConfig(values.config);
    const store = await openStore(config, places(config.data).database);
    try {
      if (action === 'list') {
        for (const { name, roles, sites } of await store.people.users())
          io.stdout.write(`${JSON.stringify({ name, roles, ...(sites && { sites }) })}\n`);
      } else if (action === 'link') io.stdout.write(`${await makeLink(store, config, name ?? '')}\n`);
      else {
        const sites = values.sites?.split(',');
        const roles = toRoles(values.roles);
        const password = await readPassword(io);
        await addUser(store, { name: name ?? '', roles, ...(sites && { sites }), password });
      }
      return 0;
    } finally {
      await store.close();
    }
  },
};
