import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { which } from '../../scripts/setup/paths.mjs';
import { testTools } from '../../scripts/test/debian.mjs';

const root = resolve(import.meta.dirname, '../..');
const mosquitto = testTools.some(({ program }) => program === 'mosquitto' && which(program));

test.runIf(mosquitto)(
  'npm run chaos, in short: nothing is lost, doubled or out of order',
  async () => {
    const seed = Math.floor(Math.random() * 1e9);
    const child = spawn(process.execPath, ['dist/test/chaos/chaos.js', '--kills', '4', '--seed', `${seed}`], {
      cwd: root,
    });
    let said = '';
    let progress = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      progress += text;
    });
    const code = await new Promise<number | null>((done) => child.once('close', done));
    const line = said.trimEnd().split('\n').at(-1);
    expect(line, progress).toMatch(/^lost 0, doubled 0, disordered 0, events [1-9]\d*, kills 4, seed \d+$/);
    expect(code, progress).toBe(0);
  },
  400_000,
);
