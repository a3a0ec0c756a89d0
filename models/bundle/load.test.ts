import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '#flows/trust/canonical';
import { keyPair, signer, verifier } from '#flows/trust/sign';
import { type BundleParts, writeBundle } from '#test/support/bundles';
import { bundleFolder } from '#test/support/runners';
import { loadBundle, readManifest } from './load.ts';
import type { BundleSignature } from './schema.ts';
import { signatureFile, signBundle } from './signature.ts';

const keys = keyPair(new Uint8Array(32).fill(7));
const stranger = keyPair(new Uint8Array(32).fill(8));
const hub = verifier(keys.open);
const made = (parts: BundleParts = {}) => writeBundle(bundleFolder(), parts);

function sign(folder: string, by = keys, change: Partial<BundleSignature> = {}): void {
  const text = readFileSync(join(folder, 'bundle.yaml'));
  const manifest = readManifest(text.toString(), folder);
  const signature = signBundle(manifest, sha256Hex(text), signer(by.secret), 0, 1);
  writeFileSync(join(folder, signatureFile), JSON.stringify({ ...signature, ...change }));
}
const refused = (code: string, detail: RegExp) => ({
  problem: { code, message: expect.stringMatching(detail) },
});

describe('a bundle', () => {
  test('is loaded with its hash, unsigned without a signature', async () => {
    const folder = made();
    const bundle = await loadBundle(folder, { verifier: hub });
    expect(bundle.hash).toBe(sha256Hex(readFileSync(join(folder, 'bundle.yaml'))));
    expect(bundle).toMatchObject({ signed: false, manifest: { id: 'line', version: '1.0.0' } });
    await expect(loadBundle(folder, { signedOnly: true })).rejects.toMatchObject(
      refused('bundle.signature', /there is none/),
    );
  });

  test('is signed when the hub signed it; without the key of the hub that counts for nothing', async () => {
    const folder = made();
    sign(folder);
    expect((await loadBundle(folder, { verifier: hub })).signed).toBe(true);
    expect((await loadBundle(folder)).signed).toBe(false);
  });

  test.each<[string, (folder: string) => void, RegExp]>([
    ['of another key', (folder) => sign(folder, stranger), /another key/],
    [
      'that was stretched',
      (folder) => sign(folder, keys, { expires: '2100-01-01T00:00:00.000Z' }),
      /another key/,
    ],
    ['of another bundle', (folder) => sign(folder, keys, { id: 'other' }), /for other 1\.0\.0/],
    ['that is none', (folder) => writeFileSync(join(folder, signatureFile), 'no JSON'), /no signature/],
    [
      'of what bundle.yaml was before',
      (folder) => {
        sign(folder);
        const file = join(folder, 'bundle.yaml');
        writeFileSync(file, readFileSync(file, 'utf8').replace('line: 0.5', 'line: 0.4'));
      },
      /changed after/,
    ],
  ])('is refused with a signature %s', async (_, spoil, detail) => {
    const folder = made();
    spoil(folder);
    await expect(loadBundle(folder, { verifier: hub })).rejects.toMatchObject(
      refused('bundle.signature', detail),
    );
  });

  test.each(['model.onnx', 'golden.json', 'CARD.md'])('is refused with another %s', async (file) => {
    const folder = made();
    const bytes = readFileSync(join(folder, file));
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    writeFileSync(join(folder, file), bytes);
    await expect(loadBundle(folder)).rejects.toMatchObject(refused('bundle.hash', new RegExp(file)));
  });

  test.each<[string, BundleParts['manifest'], RegExp]>([
    ['a version that is none', { version: '1.0' }, /version/],
    ['a file that is not listed', { files: {} }, /files lacks model\.onnx/],
    ['a file outside of it', { files: { '../secret': '0'.repeat(64) } }, /\.\.\/secret/],
    ['no threshold for everywhere', { thresholds: { qingdao: { line: 0.5 } } }, /class unified/],
    ['a field nobody knows', { colour: 'red' } as BundleParts['manifest'], /\/colour is no field/],
  ])('is refused with %s, by its place', async (_, manifest, detail) => {
    const folder = made({ manifest: manifest ?? {} });
    await expect(loadBundle(folder)).rejects.toMatchObject(refused('bundle.syntax', detail));
  });

  test('is refused when it is not there', async () => {
    await expect(loadBundle('/tmp/no-such-bundle')).rejects.toMatchObject(
      refused('bundle.missing', /no such file/),
    );
  });
});
