import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Check, type Finding, fail, ok, warn } from './check.ts';

const day = 86_400_000;

/** Every SQLite file below the data folder is whole. Reads only. */
export const databases = (folder: string): Check => {
  return async () => {
    const { default: Database } = await import('better-sqlite3');
    const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    const files = names.filter((name) => /\.(db|sqlite)$/.test(name));
    const broken = files.filter((name) => {
      const database = new Database(join(folder, name), { readonly: true });
      try {
        return database.pragma('quick_check', { simple: true }) !== 'ok';
      } catch (error) {
        // Busy or locked is no damage; anything else is, down to a file that is no database at all.
        return !(error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code));
      } finally {
        database.close();
      }
    });
    if (broken.length > 0) {
      const help =
        'Start the box or hub: it sets a damaged file aside, saves what can be read, and reports it.';
      return fail('databases', `damaged: ${broken.join(', ')}`, help);
    }
    return ok('databases', files.length === 0 ? 'none yet' : `${files.length} whole`);
  };
};

/** Certificates below the data folder, and when they end. */
export const certificates = (folder: string): Check => {
  return async () => {
    const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    const ends: { name: string; days: number }[] = [];
    for (const name of names.filter((n) => /\.(crt|cert|pem)$/.test(n))) {
      const text = await readFile(join(folder, name), 'utf8');
      if (!text.includes('BEGIN CERTIFICATE')) continue;
      ends.push({ name, days: (new Date(new X509Certificate(text).validTo).getTime() - Date.now()) / day });
    }
    const first = ends.sort((a, b) => a.days - b.days)[0];
    if (!first) return ok('certificates', 'none here');
    const detail = `${first.name} ends in ${Math.floor(first.days)} days`;
    if (first.days < 0)
      return fail('certificates', detail, 'Enrol the box again, or let it reach its hub to renew.');
    return first.days < 14
      ? warn('certificates', detail, 'It renews when the hub is reached.')
      : ok('certificates', detail);
  };
};

/** Keys and tokens are readable by their owner alone. */
export const secrets = (folder: string): Check => {
  return async () => {
    const names = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    const open: string[] = [];
    for (const name of names.filter((n) => /(\.key|token|secret)[^/]*$/.test(n))) {
      const { mode } = await stat(join(folder, name));
      if ((mode & 0o077) !== 0) open.push(name);
    }
    return open.length === 0
      ? ok('secrets', 'readable by their owner alone')
      : fail(
          'secrets',
          `readable by others: ${open.join(', ')}`,
          `chmod 600 ${open.map((n) => join(folder, n)).join(' ')}`,
        );
  };
};

/** Something answers at an address. */
export const reachable = (name: string, address: string): Check => {
  return () =>
    new Promise<Finding>((resolve) => {
      const url = new URL(address.includes('://') ? address : `tcp://${address}`);
      const socket = connect({ host: url.hostname, port: Number(url.port), timeout: 3000 });
      const end = (finding: Finding) => {
        socket.destroy();
        resolve(finding);
      };
      const help = 'Check that it runs, the address, and firewalls in between.';
      socket.once('connect', () => end(ok(name, `${address} answers`)));
      socket.once('timeout', () => end(fail(name, `${address} does not answer`, help)));
      socket.once('error', (error) => end(fail(name, `${address}: ${error.message}`, help)));
    });
};
