// `npm run setup:kafka [-- --broker]`: compiles node-rdkafka into this checkout, beside the default install, which most
// boxes and hubs never need more than. Nothing is written to package.json; the next `npm ci` removes it. With --broker
// also Apache Kafka itself, for tests, by Maven into the user's cache.
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildNative, loads } from './setup/natives.mjs';
import { npm } from './setup/npm.mjs';
import { root, which } from './setup/paths.mjs';
import { ready } from './setup/ready.mjs';
import { main, Refusal, say } from './setup/refusal.mjs';
import { run } from './setup/run.mjs';

const version = '3.6.1';
const probe = "if (!require('node-rdkafka').features.length) throw new Error('no features')";

async function fetchBroker() {
  const pom = join(root, 'test/kafka/pom.xml');
  const broker = /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(readFileSync(pom, 'utf8'))?.[1];
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'quaywatch');
  const folder = join(cache, `kafka-${broker}`);
  const mvn = which('mvn');
  if (!existsSync(folder)) {
    if (!mvn) throw new Refusal('Maven is not installed (`apt-get install maven`).');
    const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
    const part = `${folder}.part`;
    await run('Apache Kafka', mvn, [
      '-q',
      '-B',
      '-f',
      pom,
      goal,
      '-DincludeScope=runtime',
      `-DoutputDirectory=${part}`,
    ]);
    renameSync(part, folder); // only a whole one has its name
  }
  say(`Apache Kafka ${broker} is ready.`);
}

await main(async () => {
  await ready();
  if (!loads(probe)) {
    const { command, args } = npm();
    const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('node-rdkafka', command, [...args, 'install', ...flags, `node-rdkafka@${version}`]);
    await buildNative({ name: 'node-rdkafka', what: 'the Kafka client', probe });
  }
  say('node-rdkafka is ready.');
  if (process.argv.includes('--broker')) await fetchBroker();
});
