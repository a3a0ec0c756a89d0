import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { Fault } from '#flows/fault';
import { buildLimitMs, builtSerialHost } from '#test/support/built';
import { until } from '#test/support/until';
import type { DeviceEnd } from './device-end.ts';
import type { ByteLink } from './link.ts';
import { openPty } from './pty.ts';
import { serialTransport } from './serial.ts';

let end: DeviceEnd | undefined;
let link: ByteLink | undefined;
beforeAll(builtSerialHost, buildLimitMs);
afterEach(async () => {
  link?.kill();
  await end?.close();
  link = undefined;
  end = undefined;
});

/** Processes that hold the line, by id. */
function hosts(path: string): number[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return all
    .filter((line) => line.includes('serial-host') && line.includes(path))
    .map((line) => Number.parseInt(line, 10));
}

const signal = () => new AbortController().signal;

test('bytes go both ways over a real line, and the process ends with the link', async () => {
  let atDevice = '';
  let atBox = '';
  end = await openPty((bytes) => {
    atDevice += Buffer.from(bytes).toString('latin1');
  });
  const { address } = end;
  const transport = serialTransport({ path: address, baudRate: 4800 });
  link = await transport.open(
    {
      data: (bytes) => {
        atBox += Buffer.from(bytes).toString('latin1');
      },
    },
    signal(),
  );
  end.send(Buffer.from('from the device\n'));
  await link.write(Buffer.from('from the box\n'));
  await until('both were heard', () => atBox === 'from the device\n' && atDevice === 'from the box\n');
  expect(hosts(address)).toHaveLength(1);
  await link.close();
  expect(await link.closed).toBeUndefined();
  expect(hosts(address)).toEqual([]);
});

test('what comes while it is paused is kept up to the limit, and the rest is counted', async () => {
  end = await openPty(() => undefined);
  let got = 0;
  let lost = 0;
  const transport = serialTransport({ path: end.address, baudRate: 4800, holdBytes: 64 * 1024 });
  link = await transport.open(
    {
      data: (bytes) => {
        got += bytes.length;
      },
      lost: (count) => {
        lost += count;
      },
    },
    signal(),
  );
  link.pause();
  const sent = 2_000_000;
  const piece = Buffer.alloc(10_000, 0x55);
  const device = end;
  for (let left = sent; left > 0; left -= piece.length) {
    device.send(piece);
    // A device that does not wait throws away what its line does not take.
    await until('the line took it', () => device.pending === 0);
  }
  link.resume();
  await until('something was lost, and told', () => lost > 0);
  await until('what was kept came', () => got > 64 * 1024);
  expect(got + lost).toBeLessThanOrEqual(sent);
  expect(got).toBeLessThan(sent / 2);
});

test('a line that is not there is refused with its path', async () => {
  const opening = serialTransport({ path: '/dev/no-such-line', baudRate: 4800 }).open(
    { data: () => undefined },
    signal(),
  );
  await expect(opening).rejects.toSatisfy(
    (error) =>
      error instanceof Fault &&
      error.problem.code === 'serial.refused' &&
      error.problem.at === '/dev/no-such-line',
  );
});

test('a process that hangs is killed', async () => {
  end = await openPty(() => undefined);
  const { address } = end;
  link = await serialTransport({ path: address, baudRate: 4800 }).open({ data: () => undefined }, signal());
  const [pid] = hosts(address);
  process.kill(pid as number, 'SIGSTOP'); // as one that waits in the kernel for ever
  link.kill();
  await link.closed;
  await until('the process is gone', () => hosts(address).length === 0);
});

test('an open that hangs is given up at once when it is aborted', async () => {
  end = await openPty(() => undefined);
  const stop = new AbortController();
  const { address } = end;
  const opening = serialTransport({ path: address, baudRate: 4800 }).open(
    { data: () => undefined },
    stop.signal,
  );
  opening.catch(() => undefined);
  await until('the process was started', () => hosts(address).length === 1);
  const [pid] = hosts(address);
  try {
    process.kill(pid as number, 'SIGSTOP');
  } catch {
    // it was quicker
  }
  stop.abort(new Fault({ code: 'test', message: 'enough', help: '' }));
  await Promise.race([
    opening.then(
      (opened) => opened.kill(),
      () => undefined,
    ),
  ]);
  await until('the process is gone', () => hosts(address).length === 0);
});
