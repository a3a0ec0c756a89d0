// `npm run setup:kafka`: compiles node-rdkafka into this checkout, beside the default install, which most
// boxes and hubs never need more than. Nothing is written to package.json; the next `npm ci` removes it.
import { buildNative, loads } from './setup/natives.mjs';
import { npm } from './setup/npm.mjs';
import { ready } from './setup/ready.mjs';
import { main, say } from './setup/refusal.mjs';
import { run } from './setup/run.mjs';

const version = '3.6.1';
const probe = "if (!require('node-rdkafka').features.length) throw new Error('no features')";

await main(async () => {
  await ready();
  if (!loads(probe)) {
    const { command, args } = npm();
    const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('node-rdkafka', command, [...args, 'install', ...flags, `node-rdkafka@${version}`]);
    await buildNative({ name: 'node-rdkafka', what: 'the Kafka client', probe });
  }
  say('node-rdkafka is ready.');
});
