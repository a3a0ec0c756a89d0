import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { signIn } from './hub.ts';
import { quaywatch, type Running } from './quaywatch.ts';

export interface HubProcess {
  /** Address of its API. */
  readonly api: string;
  /** Where boxes connect, and its data folder. */
  readonly broker: string;
  readonly data: string;
  /** Starts it, also again on the same data, and waits until it can be used. */
  start(): Promise<Running>;
  /** The token that a box of its config enrols with. */
  token(name: string): Promise<string>;
  /** The cookie of an administrator. */
  cookie(): Promise<string>;
}

/** A hub as a process of its own, which may be killed, on free ports of loopback; config and data lie in `folder`. */
export async function hubProcess(
  folder: string,
  sites: readonly string[],
  extra: Readonly<Record<string, unknown>> = {},
): Promise<HubProcess> {
  const [http, broker, enrolment] = await Promise.all([freePort(), freePort(), freePort()]);
  const config = join(folder, 'hub.json');
  const content = {
    data: 'data',
    http: `127.0.0.1:${http}`,
    broker: `127.0.0.1:${broker}`,
    enrolment: `127.0.0.1:${enrolment}`,
    sites: sites.map((id) => ({ id, name: id })),
    enrolments: sites.map((site) => ({ name: site, site, file: `${site}.token` })),
    ...extra,
  };
  await writeFile(config, JSON.stringify(content));
  const read = async (file: string) => (await readFile(join(folder, file), 'utf8')).trim();
  return {
    api: `http://127.0.0.1:${http}/api/v1`,
    broker: `mqtts://127.0.0.1:${broker}`,
    data: join(folder, 'data'),
    async start() {
      const hub = quaywatch(['hub', '--config', config]);
      await hub.said(/sign in once/, 120_000);
      return hub;
    },
    token: (name) => read(`${name}.token`),
    cookie: async () => signIn(await read(join('data', 'sign-in.url'))),
  };
}
