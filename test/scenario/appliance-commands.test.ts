import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command as config } from '#edge/commands/config';
import { command as doctor } from '#edge/commands/doctor';
import { command as provision } from '#edge/commands/provision';
import { command as update } from '#edge/commands/update';
import { keyPair, toBase64 } from '#flows/trust/sign';
import { commandTyped } from '#test/support/command-run';
import { temporaryFolder } from '#test/support/quaywatch';

const commands = { config, doctor, provision, update };

/** What somebody types, and what came of it. */
const type = (name: keyof typeof commands, ...args: string[]) => commandTyped(commands[name], args);

test('config: a check names the field, an old config is brought forward and what it was is kept', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'box.yaml');
  const old = 'name: gate A # at the north\ndata: data\n';
  writeFileSync(file, old);
  const check = await type('config', 'check', file);
  expect([check.code, check.stderr]).toEqual([
    0,
    'Right, of version 1; version 2 is current: config migrate.\n',
  ]);
  const shown = await type('config', 'migrate', file);
  expect([shown.code, shown.stdout.split('\n')[0], readFileSync(file, 'utf8')]).toEqual([
    0,
    'version: 2',
    old,
  ]);
  const written = await type('config', 'migrate', file, '--write');
  expect(written.code).toBe(0);
  expect(readFileSync(`${file}.v1`, 'utf8')).toBe(old);
  expect((await type('config', 'check', file)).stderr).toBe('Right, version 2.\n');

  writeFileSync(file, 'version: 2\nname: gate A\noutbox: { maxBtyes: 5 }\n');
  const wrong = await type('config', 'check', file);
  expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('outbox.maxBtyes')]);
  writeFileSync(file, 'version: 99\nname: gate A\n');
  expect(await type('config', 'check', file)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('99'),
  });
  expect((await type('config', 'look')).code).toBe(2);
}, 120_000);

test('provision: the plan is shown, carried out, and then there is nothing left to do', async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'box.yaml');
  writeFileSync(
    file,
    'version: 2\nname: gate A\ndata: /var/lib/quaywatch\nbroker: { listen: 0.0.0.0:1883 }\nmachine: { rebootAt: "03:30", reserveBytes: 1000000 }\n',
  );
  const root = join(folder.path, 'root');
  mkdirSync(join(root, 'etc'), { recursive: true });
  const plan = await type('provision', '--config', file, '--plan');
  expect(plan.code).toBe(0);
  expect(plan.stdout).toContain('quaywatch-box.service');
  const [first, second] = await Promise.all([1, 2].map(() => type('provision', '--config', file, '--json')));
  expect(first?.stdout).toBe(second?.stdout);
  const steps = (JSON.parse(first?.stdout ?? '') as { steps: { id: string }[] }).steps.map(({ id }) => id);

  const apply = async () => {
    const done = await type('provision', '--config', file, '--apply', '--root', root, '--json');
    const outcomes = done.stdout.trim().split('\n');
    return { ...done, outcomes: outcomes.map((line) => JSON.parse(line) as { id: string; state: string }) };
  };
  const applied = await apply();
  expect([applied.code, applied.outcomes.map(({ id }) => id)]).toEqual([0, steps]);
  expect(applied.outcomes.some(({ state }) => state === 'changed')).toBe(true);
  expect(existsSync(join(root, 'etc/systemd/system/quaywatch-box.service'))).toBe(true);
  const again = await apply();
  expect([again.code, again.outcomes.filter(({ state }) => state === 'changed')]).toEqual([0, []]);

  expect((await type('provision')).code).toBe(2);
  expect((await type('provision', '--config', file, '--plan', '--apply')).code).toBe(2);
}, 120_000);

test('update: what is packed is installed, shown and gone back from; what is not signed or not whole is refused', async () => {
  using folder = temporaryFolder();
  const at = (name: string) => join(folder.path, name);
  const keys = keyPair(new Uint8Array(32).fill(7));
  writeFileSync(at('release.key'), Buffer.from(keys.secret).toString('base64'), { mode: 0o600 });
  writeFileSync(at('release.pub'), toBase64(keys.open));
  writeFileSync(at('other.pub'), toBase64(keyPair(new Uint8Array(32).fill(8)).open));
  const software = at('opt');
  mkdirSync(software);
  const pack = async (version: string) => {
    mkdirSync(at('build/dist'), { recursive: true });
    writeFileSync(at('build/package.json'), JSON.stringify({ name: 'quaywatch', version }));
    writeFileSync(at('build/dist/quaywatch.js'), `// ${version}\n`);
    const out = at(`${version}.tar`);
    const packed = await type(
      'update',
      'pack',
      at('build'),
      '--key',
      at('release.key'),
      '--out',
      out,
      '--version',
      version,
    );
    expect(packed).toMatchObject({ code: 0, stderr: expect.stringContaining(`Version ${version}`) });
    return out;
  };
  const install = (file: string, key = 'release.pub') =>
    type('update', 'install', file, '--release-key', at(key), '--software', software);
  const status = () => type('update', 'status', '--software', software);

  expect((await status()).code).toBe(1); // nothing runs
  expect(await install(await pack('1.0.0'))).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('slot a'),
  });
  const next = await pack('1.1.0');
  expect(await install(next, 'other.pub')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('update.signature'),
  });
  const bytes = readFileSync(next);
  bytes[bytes.indexOf('// 1.1.0') + 3] = '9'.charCodeAt(0);
  writeFileSync(at('torn.tar'), bytes);
  expect((await install(at('torn.tar'))).code).toBe(1);
  expect((await status()).stdout).toMatch(/^a {2}1\.0\.0 {2}runs/);

  // The first is confirmed, as the box does when it has been healthy.
  execFileSync('rm', ['-f', join(software, 'trial')]);
  expect((await install(next)).code).toBe(0);
  expect((await status()).stdout).toMatch(
    /a {2}1\.0\.0 {2}waits\nb {2}1\.1\.0 {2}runs on trial: start 0 of 3/,
  );
  expect(await type('update', 'rollback', '--software', software)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('Slot a'),
  });
  expect((await status()).stdout).toMatch(/^a {2}1\.0\.0 {2}runs/);
  expect((await type('update', 'remove')).code).toBe(2);
}, 120_000);

test('doctor: says what is wrong with a box and what to do', async () => {
  using folder = temporaryFolder();
  const data = join(folder.path, 'data');
  const file = join(folder.path, 'box.yaml');
  mkdirSync(join(data, 'outbox'), { recursive: true });
  mkdirSync(join(data, 'identity'));
  writeFileSync(file, `version: 2\nname: gate A\ndata: ${data}\nhttp: 127.0.0.1:9\n`);
  writeFileSync(join(data, 'outbox', 'outbox.db'), 'no database at all '.repeat(500));
  writeFileSync(join(data, 'identity', 'tls.key'), 'x', { mode: 0o644 });
  const json = await type('doctor', '--config', file, '--json');
  expect(json.code).toBe(1);
  const findings = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(findings.length).toBeGreaterThan(5);
  for (const finding of findings)
    if (finding.state !== 'ok') expect(finding.help, JSON.stringify(finding)).toBeTruthy();
  const of = (check: string) => findings.find((finding) => finding.check === check);
  expect(of('databases')).toMatchObject({ state: 'fail', detail: expect.stringContaining('outbox.db') });
  expect(of('secrets')).toMatchObject({ state: 'fail', detail: expect.stringContaining('tls.key') });
  expect(of('http')?.state).not.toBe('ok'); // nobody listens there
  const said = await type('doctor', '--config', file);
  expect([said.code, said.stdout]).toEqual([1, expect.stringContaining('FAIL  databases:')]);
}, 120_000);
