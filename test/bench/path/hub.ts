import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#test/support/free-port';
import type { Scope } from '../scope.ts';
import { type Child, startChild } from './child.ts';
import { quaywatchProgram } from './program.ts';
import { until } from './wait.ts';

export interface Hub {
  readonly child: Child;
  readonly url: string;
  /** File with the token with which one box may enrol. */
  readonly tokenFile: string;
  /** File with the one-time link with which a person signs in first. */
  readonly signInFile: string;
}

/** Starts a real hub in a data folder of its own; ready when its API answers. */
export async function startHub(folder: string, scope: Scope): Promise<Hub> {
  const home = join(folder, 'hub');
  mkdirSync(home);
  const [http, broker, enrolment] = await Promise.all([freePort(), freePort(), freePort()]);
  const tokenFile = join(home, 'box.token');
  const config = {
    name: 'Bench',
    data: join(home, 'data'),
    http: `127.0.0.1:${http}`,
    broker: `127.0.0.1:${broker}`,
    enrolment: `127.0.0.1:${enrolment}`,
    sites: [{ id: 'bench', name: 'Bench' }],
    enrolments: [{ name: 'bench', site: 'bench', file: tokenFile }],
  };
  const file = join(home, 'hub.json');
  writeFileSync(file, JSON.stringify(config));
  const child = startChild(process.execPath, [quaywatchProgram, 'hub', '--config', file], {
    folder,
    name: 'hub',
  });
  scope.defer(child.stop);
  const url = `http://127.0.0.1:${http}`;
  const signInFile = join(home, 'data', 'sign-in.url');
  // It is the last that a hub writes before it is ready.
  await Promise.race([child.died, until('the hub', 60_000, () => existsSync(signInFile) || undefined)]);
  return { child, url, tokenFile, signInFile };
}
