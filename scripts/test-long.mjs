// `npm run test:long`: the tests of test/long, which take minutes to hours. Arguments choose among them by path.
import { spawnSync } from 'node:child_process';

const chosen = process.argv.slice(2);
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.long.config.ts', ...chosen],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
