import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '#test/support/until';
import { boundToParent } from './bound.ts';

const bound = existsSync('/usr/bin/setpriv');
/** The words that a process runs with; none of a dead one, or in the midst of becoming another. */
const wordsOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};

test('a command runs with its words as they are, and ends with its own exit', () => {
  const [program = '', ...args] = boundToParent([
    'sh',
    '-c',
    'echo "$1"; exit 7',
    'x',
    ' two  words*"\'$HOME',
  ]);
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  expect(status).toBe(7);
  expect(stdout).toBe(' two  words*"\'$HOME\n');
});

test.runIf(bound)('one whose parent died before the kernel watched it does not begin', () => {
  const [program = '', ...args] = boundToParent(['echo', 'begun'], process.ppid);
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
});

test.runIf(bound)('one that runs is killed with its parent', async () => {
  // A shell puts its own number in for the one that is asked for, and becomes the parent.
  const command = boundToParent(['sleep', '600'], 0).map((word) => (word === '0' ? '$$' : `'${word}'`));
  const parent = spawn('sh', ['-c', `${command.join(' ')} & echo $!; wait`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const child = await new Promise<number>((found) =>
    parent.stdout.once('data', (bytes: Buffer) => found(Number(bytes.toString()))),
  );
  await until('it runs', () => wordsOf(child).startsWith('sleep'));
  parent.kill('SIGKILL');
  await until('it is gone', () => wordsOf(child) === '');
});
