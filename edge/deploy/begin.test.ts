import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digest } from '#flows/trust/canonical';
import type { Release } from '#flows/wire';
import { testRelease } from '#test/support/release';
import { Attempts } from './attempts.ts';
import { beginRelease } from './begin.ts';
import { KnownGood } from './known-good.ts';
import { Reading } from './reading.ts';
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
  const knownGood = new KnownGood(data, { boot: 'boot', upMs: () => 0 });
  const attempts = new Attempts(data, 'attempt', 'boot');
  const readings = new Attempts(data, 'reading', 'boot');
  const limits = { maxCrashes: 2, maxCrashesPerHour: 3 };
  const kept = { releases, knownGood, attempts, readings, ...limits, bundles: join(data, 'bundles') };
  return { ...kept, begun: beginRelease(kept) };
}

const check = (attempts: Attempts, checked: Release) => attempts.begin(digest(checked), checked.bundles);

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
  check(first.attempts, release(2, { a: '2.0.0', b: '1.0.0' }));
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
  check(attempts, next);
  attempts.rest();
  mkdirSync(bundle('a', '2.0.0'), { recursive: true });
  expect(check(begin().attempts, next)).toBe(0);
  expect(existsSync(bundle('a', '2.0.0'))).toBe(true);
  expect(new Attempts(data, 'attempt', 'next boot').start()).toBeUndefined();
  expect(check(begin().attempts, next)).toBe(0);
  expect(check(begin().attempts, next)).toBe(1);
  begin().attempts.end();
  expect(check(begin().attempts, next)).toBe(0);
});

test('what ran is not to blame for an end while another was checked', () => {
  const { releases, knownGood, attempts } = begin();
  releases.write(release(1, {}));
  knownGood.renew(releases.read());
  check(attempts, release(2, {}));
  for (let end = 0; end < 4; end++) check(begin().attempts, release(2, {}));
  expect(begin().begun).toEqual({ release: releases.read() });
  expect(begin().begun.fellBack).toBeUndefined(); // ends that are its own
  expect(begin().begun.fellBack).toMatchObject({ version: 1 });
});

/** A process under which data gets through, and which then ends. */
function live() {
  const next = begin();
  next.knownGood.progressed(next.begun.release);
  return next.begun;
}

test('a release that lets data through and ends the box three times in an hour is taken back', () => {
  const { releases, knownGood } = begin();
  knownGood.settle(release(1, {}));
  releases.write(release(2, {}));
  knownGood.renew(release(2, {}));
  knownGood.progressed(release(2, {}));
  expect([live().fellBack, live().fellBack]).toEqual([undefined, undefined]);
  const fellBack = { version: 2, to: 1, crashes: 3, withinSeconds: 3600 };
  expect(live()).toMatchObject({ release: { version: 1 }, fellBack });
  for (const _ of [1, 2, 3, 4]) expect(live()).toEqual({ release: release(1, {}) }); // there is nothing better
});

test('a release that settled and ends the box since gives way to the one that settled before it', () => {
  const { releases, knownGood } = begin();
  for (const version of [1, 2]) {
    releases.write(release(version, {}));
    knownGood.renew(release(version, {}));
    knownGood.settle(release(version, {}));
  }
  begin();
  expect(begin().begun).toMatchObject({ release: { version: 1 }, fellBack: { version: 2, to: 1 } });
});

test('what is read again and again with the end of the box is not read, and what ran is not to blame', () => {
  const { releases, knownGood } = begin();
  releases.write(release(1, {}));
  knownGood.renew(releases.read());
  const large = Buffer.alloc(2_000_000, ' ');
  const read = () => {
    const next = begin();
    const reading = new Reading(next.readings, 2);
    expect(reading.begin(Buffer.from('small'))).toBeUndefined();
    reading.end();
    const problem = reading.begin(large)?.code;
    if (problem) next.knownGood.end(); // that process is stopped
    return { begun: next.begun, problem };
  };
  expect([read(), read()].map(({ problem }) => problem)).toEqual([undefined, undefined]);
  for (const _ of [1, 2, 3])
    expect(read()).toEqual({ begun: { release: releases.read() }, problem: 'release.unreadable' });
  const { readings } = begin();
  expect(new Reading(readings, 2).begin(large.subarray(1))).toBeUndefined();
  expect(new Reading(readings, 2).begin(Buffer.from(' '))).toBeUndefined();
});
