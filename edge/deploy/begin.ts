import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '#flows/trust/canonical';
import type { Release } from '#flows/wire';
import type { Attempts } from './attempts.ts';
import type { KnownGood } from './known-good.ts';
import type { ReleaseStore } from './release-store.ts';

export interface BeginOptions {
  readonly releases: ReleaseStore;
  readonly knownGood: KnownGood;
  readonly attempts: Attempts;
  /** Crashes in a row after which a release is taken back; 0: never. */
  readonly maxCrashes: number;
  /** Folder of the bundles that were released to this box. */
  readonly bundles: string;
}

/** What a box begins with. */
export interface Begun {
  /** Undefined: the flows of its config. */
  readonly release: Release | undefined;
  /** What was taken back for it. */
  readonly fellBack?: { readonly version: number; readonly to?: number; readonly crashes: number };
}

/**
 * The release that is to run: after crash upon crash not the last, but the one before that ran healthily. To be asked once, before
 * anything is loaded that a release brought: a model that ends the process would end the next one too.
 */
export function beginRelease(options: BeginOptions): Begun {
  const { releases, knownGood, attempts, maxCrashes } = options;
  const release = releases.read();
  const suspects = attempts.start();
  // What ran has not ended the box while another was being checked.
  const crashes = knownGood.begin(release, suspects === undefined);
  forgetBundles(options, suspects ?? [], release);
  if (!release || maxCrashes === 0 || crashes < maxCrashes) return { release };
  const { good } = knownGood;
  if (good && canonical(good) === canonical(release)) return { release };
  // In this order: killed in between, the next start does it again.
  knownGood.takeBack(release);
  try {
    if (good) releases.write(good);
    else releases.clear();
  } catch {
    // On a full disk the next start does it again.
  }
  knownGood.renew(good);
  forgetBundles(options, release.bundles ?? [], good);
  const to = good ? { to: good.version } : {};
  return { release: good, fellBack: { version: release.version, ...to, crashes } };
}

type Bundles = readonly { readonly id: string; readonly version: string }[];

/** Bundles that came with what ended the box, unless what is to run names them too. */
function forgetBundles({ bundles }: BeginOptions, suspects: Bundles, release: Release | undefined): void {
  const named = new Set((release?.bundles ?? []).map(({ id, version }) => `${id}/${version}`));
  for (const { id, version } of suspects)
    if (!named.has(`${id}/${version}`)) rmSync(join(bundles, id, version), { recursive: true, force: true });
}
