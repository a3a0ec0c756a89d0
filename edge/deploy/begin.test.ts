import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Release } from '#flows/wire';
import { testRelease } from '#test/support/release';
import { Attempts } from './attempts.ts';
import { beginRelease } from './begin.ts';
import { KnownGood } from './known-good.ts';
import { ReleaseStore } from './release-store.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'begin-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const release = (version: number, models: Record<string, string>): Release =>
  testRelease(version, {
    bundles: Object.entries(models).map(([id, of]) => ({ id, version: of, manifest: '0'.repeat(64) })),
  });
const bundle = (id: string, version: string) => join(data, 'bundles', id, version);

/** A process: what it begins with. */
function begin() {
  const releases = new ReleaseStore(data);
  const knownGood = new KnownGood(data, 'boot');
  const attempts = new Attempts(data, 'boot');
  const kept = { releases, knownGood, attempts, maxCrashes: 2, bundles: join(data, 'bundles') };
  return { ...kept, begun: beginRelease(kept) };
}

test('the bundles of a release at which the box ended are not there for the next start, those of what runs are', () => {
  for (const [id, version] of [
    ['a', '1.0.0'],
    ['a', '2.0.0'],
    ['b', '1.0.0'],
  ] as const)
    mkdirSync(bundle(id, version), { recursive: true });
  const first = begin();
  first.releases.write(release(1, { a: '1.0.0', b: '1.0.0' }));
  first.knownGood.renew(first.releases.read());
  first.attempts.begin(release(2, { a: '2.0.0', b: '1.0.0' }));
  expect(begin().begun).toMatchObject({ release: { version: 1 } });
  expect([bundle('a', '1.0.0'), bundle('a', '2.0.0'), bundle('b', '1.0.0')].map(existsSync)).toEqual([
    true,
    false,
    true,
  ]);
});

test('the bundles of a release that is taken back go with it', () => {
  const first = begin();
  first.releases.write(release(1, { a: '1.0.0' }));
  first.knownGood.settle(first.releases.read());
  first.releases.write(release(2, { a: '2.0.0' }));
  first.knownGood.renew(first.releases.read());
  for (const version of ['1.0.0', '2.0.0']) mkdirSync(bundle('a', version), { recursive: true });
  expect(begin().begun.fellBack).toBeUndefined();
  expect(begin().begun).toMatchObject({
    release: { version: 1 },
    fellBack: { version: 2, to: 1, crashes: 2 },
  });
  expect([bundle('a', '1.0.0'), bundle('a', '2.0.0')].map(existsSync)).toEqual([true, false]);
});

test('an end while bundles are fetched, or of the machine, is none of the release', () => {
  const next = release(2, { a: '2.0.0' });
  const { attempts } = begin();
  attempts.begin(next);
  attempts.rest();
  mkdirSync(bundle('a', '2.0.0'), { recursive: true });
  expect(begin().attempts.begin(next)).toBe(0);
  expect(existsSync(bundle('a', '2.0.0'))).toBe(true);
  expect(new Attempts(data, 'next boot').start()).toBeUndefined();
  expect(begin().attempts.begin(next)).toBe(0);
  expect(begin().attempts.begin(next)).toBe(1);
  begin().attempts.end();
  expect(begin().attempts.begin(next)).toBe(0);
});

test('what ran is not to blame for an end while another was checked', () => {
  const { releases, knownGood, attempts } = begin();
  releases.write(release(1, {}));
  knownGood.renew(releases.read());
  attempts.begin(release(2, {}));
  for (let end = 0; end < 4; end++) begin().attempts.begin(release(2, {}));
  expect(begin().begun).toEqual({ release: releases.read() });
  expect(begin().begun.fellBack).toBeUndefined(); // ends that are its own
  expect(begin().begun.fellBack).toMatchObject({ version: 1 });
});
