import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { composeHub, type Hub } from '#hub/compose';
import { type HubConfig, readHubConfig } from '#hub/config';

/** Asks until it is so. */
export async function until<T>(
  ask: () => T | Promise<T>,
  what = 'the condition',
  timeoutMs = 60_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false)
      return answer as Exclude<T, false | null | undefined>;
    if (Date.now() > end) throw new Error(`${what} did not come true in time`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export interface TestHub {
  readonly hub: Hub;
  readonly folder: string;
  readonly config: HubConfig;
  readonly configFile: string;
  /** Lines of its log, as JSON. */
  readonly log: string[];
  /** Fetches below /api/v1 with the cookie of an administrator. */
  api(path: string, init?: RequestInit & { cookie?: string }): Promise<Response>;
  json<T>(path: string): Promise<T>;
  readonly cookie: string;
  /** Makes a token for a box of a site. */
  token(name?: string, site?: string): Promise<string>;
  /** Stops the hub and starts another on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Signs in with a one-time link; returns the cookie. */
export async function signIn(signInUrl: string): Promise<string> {
  const url = new URL(signInUrl);
  const answer = await fetch(`${url.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: url.hash.slice(1) }),
  });
  if (!answer.ok) throw new Error(`sign-in refused: ${await answer.text()}`);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

/** A whole hub in this process on free ports of loopback, with a data folder of its own. */
export async function startHub(extra: Record<string, unknown> = {}): Promise<TestHub> {
  const folder = await mkdtemp(join(tmpdir(), 'quaywatch-hub-'));
  const configFile = join(folder, 'hub.json');
  await writeFile(
    configFile,
    JSON.stringify({
      data: 'data',
      http: '127.0.0.1:0',
      broker: '127.0.0.1:0',
      enrolment: '127.0.0.1:0',
      sites: [
        { id: 'quay', name: 'Quay' },
        { id: 'yard', name: 'Yard' },
      ],
      ...extra,
    }),
  );
  const config = await readHubConfig(configFile);
  const log: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void log.push(line) });
  let hub = await composeHub(config, logger);
  let cookie = await signIn(hub.signInUrl);
  const api: TestHub['api'] = (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('cookie', init.cookie ?? cookie);
    if (init.body !== undefined) headers.set('content-type', 'application/json');
    return fetch(`${hub.url}/api/v1${path}`, { ...init, headers });
  };
  return {
    get hub() {
      return hub;
    },
    get cookie() {
      return cookie;
    },
    folder,
    config,
    configFile,
    log,
    api,
    json: async <T>(path: string) => {
      const answer = await api(path);
      if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async token(name = 'box', site = 'quay') {
      const answer = await api('/enrolments', { method: 'POST', body: JSON.stringify({ name, site }) });
      return ((await answer.json()) as { token: string }).token;
    },
    async restart() {
      await hub.close();
      hub = await composeHub(config, logger);
      cookie = await signIn((await readFile(join(config.data, 'sign-in.url'), 'utf8')).trim());
    },
    async close() {
      await hub.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
