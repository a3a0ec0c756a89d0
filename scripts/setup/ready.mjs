import { build, upToDate } from './build.mjs';
import { checkDisk, install, installed } from './install.mjs';
import { lockSetup } from './lock.mjs';
import { buildNatives, nativesReady, requireTools } from './natives.mjs';
import { Refusal } from './refusal.mjs';
import { nodeProblem } from './versions.mjs';

/**
 * Makes the checkout ready to run: packages as locked, natives compiled for this Node, dist built from
 * these sources. Does only what is not done yet; a second or less when nothing is.
 */
export async function ready() {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new Refusal(problem);
  await checkDisk(200_000_000);
  if (installed() && nativesReady() && upToDate()) return;
  const unlock = lockSetup();
  try {
    if (!installed()) {
      requireTools(); // sooner than after minutes of installing
      await install();
    }
    // One core compiles SQLite while the other compiles TypeScript.
    const work = await Promise.allSettled([nativesReady() || buildNatives(), upToDate() || build()]);
    for (const result of work) if (result.status === 'rejected') throw result.reason;
  } finally {
    unlock();
  }
}
