// `npm run build`, and npm's `prepare`: what `npm ci` alone leaves must work, natives included.
import { existsSync } from 'node:fs';
import { build, upToDate } from './setup/build.mjs';
import { buildNatives, nativesReady } from './setup/natives.mjs';
import { root } from './setup/paths.mjs';
import { main, say } from './setup/refusal.mjs';

await main(async () => {
  const preparing = process.argv.includes('--prepare');
  if (preparing && !existsSync(`${root}/node_modules/typescript`)) {
    say('Without development packages nothing is built: dist/ has to come with the code.');
    await buildNatives();
    return;
  }
  // One core compiles SQLite while the other compiles TypeScript.
  const work = await Promise.allSettled([
    nativesReady() || buildNatives(),
    (preparing && upToDate()) || build(),
  ]);
  for (const result of work) if (result.status === 'rejected') throw result.reason;
});
