import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueServer, makeAuthority } from '#hub/pki/certificates';

/** Files (PEM) of a server on loopback, of its authority, and of an authority that it does not know. */
export interface TlsFiles {
  readonly authority: string;
  readonly stranger: string;
  readonly certificate: string;
  readonly key: string;
}

export async function tlsFiles(folder: string): Promise<TlsFiles> {
  mkdirSync(folder, { recursive: true });
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const authority = await makeAuthority();
  const server = await issueServer(authority, [{ type: 'ip', value: '127.0.0.1' }]);
  return {
    authority: file('authority.pem', authority.certificate),
    stranger: file('stranger.pem', (await makeAuthority()).certificate),
    certificate: file('server.pem', server.certificate),
    key: file('server-key.pem', server.key),
  };
}
