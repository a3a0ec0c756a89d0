// `npm run docs`: writes docs/reference from the definitions. With `--check` it writes nothing and fails
// when a page is not what the definitions say.

import { root } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { main, Refusal, say } from './setup/refusal.mjs';

await main(async () => {
  await ready();
  const check = process.argv.includes('--check');
  const { reference } = await import(`${root}/dist/scripts/docs/main.js`);
  /** @type {string[]} */
  const stale = reference(root, check);
  if (check && stale.length > 0) {
    throw new Refusal(`Not current: ${stale.join(', ')}. Run \`npm run docs\` and commit what it wrote.`);
  }
  say(stale.length > 0 ? `Written: ${stale.join(', ')}.` : 'The reference is current.');
});
