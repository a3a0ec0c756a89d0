// Writes docs/xray-physics: the virtual acceptance tests of the simulated scanners, with pictures.
//
//   node scripts/xray/report.mjs

import { root } from '../setup/paths.mjs';
import { ready } from '../setup/ready.mjs';
import { main, say } from '../setup/refusal.mjs';

await main(async () => {
  await ready();
  const { report } = await import(`${root}/dist/scripts/xray/main.js`);
  say('Some minutes of computing …');
  await report(`${root}/docs/xray-physics`);
  say('Written: docs/xray-physics/README.md and its pictures.');
});
