import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signer } from '#flows/trust/sign';
import { type Manifest, makeManifest, manifestName } from './manifest.ts';

/** Makes an update of a folder with a build (`dist`, `node_modules`, `package.json`): a tar whose first member is the signed manifest. */
export function pack(folder: string, version: string, by: Signer, out: string): Manifest {
  const manifest = makeManifest(folder, version, by);
  const file = join(folder, manifestName);
  writeFileSync(file, JSON.stringify(manifest));
  try {
    const names = manifest.files.map(({ path }) => path);
    const list = Buffer.from([manifestName, ...names].join('\0'));
    const owner = ['--owner=0', '--group=0', '--numeric-owner', '--no-recursion', '--mode=go-w'];
    execFileSync('tar', ['-caf', out, '-C', folder, ...owner, '--null', '-T', '-'], { input: list });
  } finally {
    rmSync(file, { force: true });
  }
  return manifest;
}
