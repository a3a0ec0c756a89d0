import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ended, opened, pixels, scanLimits } from '#test/support/scans';
import { until } from '#test/support/until';
import { Scans } from './scans.ts';
import { ScanSender } from './sender.ts';

/** Files that this process has open, by path. */
const openFiles = () =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return []; // that of the look itself
    }
  });

test('a file that was asked for just before the end is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-sender-'));
  const scans = new Scans({
    folder,
    limits: scanLimits,
    now: Date.now,
    emit: (_, committed) => committed?.(),
  });
  onTestFinished(async () => {
    await scans.stop();
    rmSync(folder, { recursive: true });
  });
  const writer = scans.open(opened('s', 20));
  writer.append(pixels(8 * 2 * 20, 'x'));
  writer.close('complete', ended);
  await until('it is stored', () => typeof scans.place('s') === 'object');
  const link = { send: () => true, backlogBytes: 0 };
  const sender = new ScanSender({ scans, link, bytesPerSecond: 1e6, monotonic: () => performance.now() });
  const signed = { box: 'b', issued: '', expires: '', signature: '' };
  sender.take({ kind: 'scan-fetch', scan: 's', offset: 0, length: 1000, ...signed });
  sender.stop();
  await sleep(200);
  await until('it is closed', () => !openFiles().some((path) => path.startsWith(folder)), 5000);
  expect(scans.place('s')).toMatchObject({ file: expect.any(String) });
});
