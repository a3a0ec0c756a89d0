import type { AddressInfo } from 'node:net';
import type { Api } from './api/route.ts';
import { parseAddress } from './config.ts';
import { faults } from './faults.ts';

/** Binds a server. Throws `hub.port`. */
export async function listen(app: Api, address: string, what: string): Promise<number> {
  const { host, port } = parseAddress(address);
  await app.listen({ host, port }).catch((error: Error) => {
    throw faults.fault('hub.port', { address, what, detail: error.message }, address, error);
  });
  return (app.server.address() as AddressInfo).port;
}
