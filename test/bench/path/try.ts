import { mkdtempSync, writeFileSync } from 'node:fs';
import { Scope } from '../scope.ts';
import { startBare } from './bare.ts';
import { Expected, mustAgree } from './expected.ts';
import { makeFences } from './fences.ts';
import { startLoad } from './load-process.ts';
import { startMosquitto } from './mosquitto.ts';
import { startNodeRed } from './node-red.ts';
import { installNodeRed } from './node-red-install.ts';
import { Stand } from './stand.ts';
import { quantile } from './statistics.ts';

const scope = new Scope();
const folder = mkdtempSync('/tmp/h8-');
try {
  const broker = await startMosquitto(folder);
  scope.defer(broker.child.stop);
  const load = await startLoad(broker.port, folder);
  scope.defer(load.child.stop);
  const fences = `${folder}/fences.json`;
  writeFileSync(fences, JSON.stringify(makeFences()));
  const bare = await startBare(broker, folder, scope);
  const red = await startNodeRed(broker, await installNodeRed(console.log), fences, folder, scope);
  const stand = new Stand(load, new Expected());
  for (let i = 0; i < 4; i++)
    for (const s of [bare, red]) {
      const r = await stand.stretch(s, 16000, 4000);
      console.log(
        s.name,
        r.cpuUs.toFixed(1),
        r.perSecond.toFixed(0),
        r.drainMs.toFixed(0),
        quantile(r.delaysMs, 0.99).toFixed(1),
      );
    }
  console.log(mustAgree(red, stand.expectedOf(red)));
} catch (e) {
  console.error(e);
} finally {
  await scope[Symbol.asyncDispose]();
}
process.exit();
