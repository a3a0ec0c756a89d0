import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '#flows/wire';
import type { Attempts } from './attempts.ts';
import { type Crashes, hourMs, type KnownGood } from './known-good.ts';
import type { ReleaseStore } from './release-store.ts';

export interface BeginOptions {
  readonly releases: ReleaseStore;
  readonly knownGood: KnownGood;
  readonly attempts: Attempts;
  /** As `attempts`, of what comes from the hub and was not read yet. */
  readonly readings: Attempts;
  /** Crashes in a row, and within an hour, after which a release is taken back; 0: never. */
  readonly maxCrashes: number;
  readonly maxCrashesPerHour: number;
  /** Folder of the bundles that were released to this box. */
  readonly bundles: string;
}

/** What a box begins with. */
export interface Begun {
  /** Undefined: the flows of its config. */
  readonly release: Release | undefined;
  /** What was taken back for it. */
  readonly fellBack?: {
    readonly version: number;
    readonly to?: number;
    readonly crashes: number;
    readonly withinSeconds?: number;
  };
}

/**
 * The release that is to run: after crash upon crash not the last, but the one before that ran healthily. To be asked once, before
 * anything is loaded that a release brought: a model that ends the process would end the next one too.
 */
export function beginRelease(options: BeginOptions): Begun {
  const { releases, knownGood, attempts, readings } = options;
  const release = releases.read();
  const unread = readings.start() !== undefined;
  const suspects = attempts.start();
  // What ran has not ended the box while another was being read or checked.
  const crashes = knownGood.begin(release, suspects === undefined && !unread);
  forgetBundles(options, suspects ?? [], release);
  const tooMany = release && tooManyOf(options, crashes);
  if (!tooMany) return { release };
  const good = knownGood.goodInsteadOf(release);
  // Nothing is better than what has settled, or lets data through between its ends.
  if (!good && (knownGood.good || tooMany.withinSeconds !== undefined)) return { release };
  // In this order: killed in between, the next start does it again.
  knownGood.takeBack(release);
  try {
    if (good) releases.write(good);
    else releases.clear();
  } catch {
    // On a full disk the next start does it again.
  }
  knownGood.goBackTo(good);
  forgetBundles(options, release.bundles ?? [], good);
  return {
    release: good,
    fellBack: { version: release.version, ...(good && { to: good.version }), ...tooMany },
  };
}

/** How many ends are the reason to go back; undefined: there is none. */
function tooManyOf(
  { maxCrashes, maxCrashesPerHour }: BeginOptions,
  { inARow, inAnHour }: Crashes,
): { readonly crashes: number; readonly withinSeconds?: number } | undefined {
  if (maxCrashes > 0 && inARow >= maxCrashes) return { crashes: inARow };
  if (maxCrashesPerHour > 0 && inAnHour >= maxCrashesPerHour)
    return { crashes: inAnHour, withinSeconds: hourMs / 1000 };
  return undefined;
}

type Bundles = readonly { readonly id: string; readonly version: string }[];

/** Bundles that came with what ended the box, unless what is to run names them too. */
function forgetBundles({ bundles }: BeginOptions, suspects: Bundles, release: Release | undefined): void {
  const named = new Set((release?.bundles ?? []).map(({ id, version }) => `${id}/${version}`));
  for (const { id, version } of suspects)
    if (!named.has(`${id}/${version}`)) rmSync(join(bundles, id, version), { recursive: true, force: true });
}
