import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runCommand } from '#test/support/running-command';
import { command as simulate } from '../simulate.ts';

test('made-up traffic that nobody listens to ends when it is told to', async () => {
  // Port 1 of the loopback: nothing is there.
  const args = ['traffic', '--connect', '127.0.0.1:1', '--trucks', '2', '--ships', '0', '--duration', '600'];
  const running = runCommand(simulate, args);
  await sleep(500);
  running.stop();
  expect(await running.code).toBe(0);
});
