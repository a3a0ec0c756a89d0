import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withDefaults } from '#flows/lint/schema';
import { BoxConfig } from '../box.ts';
import { applianceChecks } from './appliance.ts';
import { examine } from './check.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qw-appliance-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function look(): Promise<Record<string, string>> {
  const config = withDefaults(BoxConfig, {
    name: 'x',
    data: folder,
    machine: { serial: [{ name: 'dose', path: 'usb-0:2' }], reserveBytes: 100_000 },
  }) as BoxConfig;
  const software = join(folder, 'software');
  const findings = await examine(applianceChecks({ config, software, lines: join(folder, 'lines') }));
  for (const { state, help } of findings) expect(help !== '').toBe(state !== 'ok');
  return Object.fromEntries(findings.map(({ check, state }) => [check, state]));
}

test('says what is not as the config has it, and when it is', async () => {
  expect(await look()).toMatchObject({
    slots: 'warn',
    'serial names': 'fail',
    'disk reserve': 'warn',
    graphics: 'ok',
  });
  mkdirSync(join(folder, 'lines'));
  writeFileSync(join(folder, 'lines/dose'), '');
  writeFileSync(join(folder, 'reserve'), Buffer.alloc(200_000, 1));
  mkdirSync(join(folder, 'software'));
  expect(await look()).toMatchObject({ slots: 'fail', 'serial names': 'ok', 'disk reserve': 'ok' });

  mkdirSync(join(folder, 'software/slots/a'), { recursive: true });
  const manifest = { kind: 'software', version: '1.0.0', files: [], signature: '' };
  writeFileSync(join(folder, 'software/slots/a/manifest.json'), JSON.stringify(manifest));
  symlinkSync('slots/a', join(folder, 'software/current'));
  expect(await look()).toMatchObject({ slots: 'ok' });
  writeFileSync(join(folder, 'software/trial'), 'a b 1 0 id\n');
  expect(await look()).toMatchObject({ slots: 'warn' });
});
