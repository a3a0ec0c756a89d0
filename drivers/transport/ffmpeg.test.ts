import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openFfmpeg } from './ffmpeg.ts';

test('a machine without ffmpeg says what to install', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-path-'));
  symlinkSync('/bin/sh', join(folder, 'sh'));
  vi.stubEnv('PATH', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const input = { address: 'quay', args: ['-i', 'nothing'], secrets: [] };
  const opened = openFfmpeg({ input, output: [] }, { data() {} }, new AbortController().signal);
  await expect(opened).rejects.toMatchObject({ problem: { code: 'camera.ffmpeg' } });
});
