import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { maxMinutes, maxStarts, slotGuard } from '#firmware-config/slots/guard';
import { install, rollBack } from '#firmware-config/slots/install';
import { readSlots } from '#firmware-config/slots/layout';
import { checkContent, manifestId } from '#firmware-config/slots/manifest';
import { pack } from '#firmware-config/slots/pack';
import { keyPair, signer, toBase64, verifier } from '#flows/trust/sign';

const keys = keyPair(new Uint8Array(32).fill(9));
const signedBy = verifier(keys.open);
const library = resolve(import.meta.dirname, '../../dist');
const code = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) });

/** A small program in the form of a build, that says its version when it is started. */
function updateOf(folder: string, version: string, by = signer(keys.secret)): string {
  const build = join(folder, `build-${version}`);
  mkdirSync(join(build, 'dist'), { recursive: true });
  writeFileSync(join(build, 'package.json'), JSON.stringify({ name: 'quaywatch', version, type: 'module' }));
  writeFileSync(join(build, 'dist/quaywatch.js'), `process.stdout.write('${version}');\n`);
  for (let n = 0; n < 20; n++)
    writeFileSync(join(build, `dist/part-${n}.js`), `// ${version} ${'x'.repeat(n * 997)}\n`);
  const out = join(folder, `${version}.tar`);
  pack(build, version, by, out);
  return out;
}

/** In memory where that can be had: every change is synced. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
let updates: string;
beforeAll(() => {
  updates = mkdtempSync(join(memory, 'qw-updates-'));
  updateOf(updates, '1.0.0');
  updateOf(updates, '1.1.0');
});
afterAll(() => rmSync(updates, { recursive: true, force: true }));

/** A root file system in a plain folder: version 1.0.0 runs, 1.1.0 is at hand. */
class Machine implements Disposable {
  readonly folder = mkdtempSync(join(memory, 'qw-machine-'));
  readonly software: string;
  readonly next = join(updates, '1.1.0.tar');
  readonly guard: string;
  readonly healthy: string;

  constructor() {
    const { folder } = this;
    this.software = join(folder, 'opt/quaywatch');
    this.healthy = join(folder, 'healthy');
    this.guard = join(folder, 'slots');
    mkdirSync(this.software, { recursive: true });
    const text = slotGuard({ software: this.software, healthy: this.healthy, restart: ':' });
    writeFileSync(this.guard, text, { mode: 0o755 });
    install(join(updates, '1.0.0.tar'), { software: this.software, signedBy });
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the machine does at every start of the box: the guard, then what `current` leads to. */
  boot(): string {
    const guarded = spawnSync('sh', [this.guard, 'boot'], { encoding: 'utf8' });
    expect(guarded.stderr).toBe('');
    expect(guarded.status).toBe(0);
    const { running, versions } = readSlots(this.software);
    const manifest = running && versions[running];
    if (!manifest) throw new Error('nothing runs');
    checkContent(join(this.software, 'slots', running), manifest);
    return spawnSync(process.execPath, [join(this.software, 'current/dist/quaywatch.js')], {
      encoding: 'utf8',
    }).stdout;
  }

  tick(): void {
    expect(spawnSync('sh', [this.guard, 'tick']).status).toBe(0);
  }

  sayHealthy(id: string): void {
    writeFileSync(this.healthy, `${id}\n`);
  }
}

/** Installs in a process of its own that kills itself before the n-th change; true: it was killed. */
function installKilled(machine: Machine, n: number): boolean {
  const program = `
    import { install } from '${library}/firmware-config/slots/install.js';
    import { verifier, fromBase64 } from '${library}/flows/trust/sign.js';
    let left = ${n};
    const before = () => { if (left-- === 0) process.kill(process.pid, 'SIGKILL'); };
    const signedBy = verifier(fromBase64('${toBase64(keys.open)}'));
    install('${machine.next}', { software: '${machine.software}', signedBy, before });`;
  const { signal, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  if (signal !== 'SIGKILL') expect(stderr || `${status}`).toBe('0');
  return signal === 'SIGKILL';
}

/** Runs the guard with programs in its way that kill it before the n-th change; true: it was killed. */
function guardKilled(machine: Machine, n: number): boolean {
  const shims = join(machine.folder, 'shims');
  mkdirSync(shims, { recursive: true });
  const count = join(machine.folder, 'count');
  writeFileSync(count, '0');
  for (const program of ['ln', 'mv', 'rm', 'sync']) {
    const shim = `#!/bin/sh
read -r done < '${count}'
if [ "$done" -eq ${n} ]; then kill -9 "$PPID"; exit 1; fi
echo $((done + 1)) > '${count}'
exec /bin/${program} "$@"
`;
    writeFileSync(join(shims, program), shim);
    chmodSync(join(shims, program), 0o755);
  }
  const env = { ...process.env, PATH: `${shims}:${process.env.PATH}` };
  return spawnSync('sh', [machine.guard, 'boot'], { env }).signal === 'SIGKILL';
}

describe('an update', () => {
  test('killed before every change: the old version boots or the new one, whole, and it can be installed again', () => {
    let kills = 0;
    const booted = new Set<string>();
    for (let n = 0; ; n++) {
      using machine = new Machine();
      const killed = installKilled(machine, n);
      booted.add(machine.boot());
      if (!killed) break;
      kills += 1;
      if (machine.boot() === '1.0.0') {
        install(machine.next, { software: machine.software, signedBy });
        expect(machine.boot()).toBe('1.1.0');
      }
    }
    expect(kills).toBe(9);
    expect([...booted].sort()).toEqual(['1.0.0', '1.1.0']);
  }, 180_000);

  test('is confirmed by health, and only by that of its own', () => {
    using machine = new Machine();
    const { manifest } = install(machine.next, { software: machine.software, signedBy });
    machine.sayHealthy('another');
    expect(machine.boot()).toBe('1.1.0');
    machine.tick();
    expect(readSlots(machine.software).trial).toMatchObject({ slot: 'b', from: 'a', starts: 1, minutes: 1 });
    expect(() => install(machine.next, { software: machine.software, signedBy })).toThrow(
      code('update.trial') as never,
    );
    machine.sayHealthy(manifestId(manifest));
    machine.tick();
    expect(readSlots(machine.software)).toMatchObject({ trial: undefined, fallen: undefined, running: 'b' });
    for (let start = 0; start < 2 * maxStarts; start++) expect(machine.boot()).toBe('1.1.0');
  });

  test('falls back after starts without health, and after minutes without it', () => {
    using machine = new Machine();
    const { manifest } = install(machine.next, { software: machine.software, signedBy });
    for (let start = 0; start < maxStarts; start++) expect(machine.boot()).toBe('1.1.0');
    expect(machine.boot()).toBe('1.0.0');
    expect(readSlots(machine.software)).toMatchObject({
      trial: undefined,
      fallen: { id: manifestId(manifest), why: 'starts' },
    });
    install(machine.next, { software: machine.software, signedBy });
    expect(machine.boot()).toBe('1.1.0');
    for (let minute = 0; minute < maxMinutes; minute++) machine.tick();
    expect(readSlots(machine.software).fallen?.why).toBe('minutes');
    expect(machine.boot()).toBe('1.0.0');
  });

  test('whose way back is killed before every change comes back all the same', () => {
    let kills = 0;
    for (let n = 0; ; n++) {
      using machine = new Machine();
      install(machine.next, { software: machine.software, signedBy });
      writeFileSync(join(machine.software, 'trial'), `b a ${maxStarts} 0 someid\n`);
      const killed = guardKilled(machine, n);
      expect(machine.boot()).toBe('1.0.0');
      expect(readSlots(machine.software)).toMatchObject({ trial: undefined, fallen: { why: 'starts' } });
      if (!killed) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(7);
  }, 180_000);

  test('that was damaged on disk gives way to the slot that is whole', () => {
    using machine = new Machine();
    install(machine.next, { software: machine.software, signedBy });
    spawnSync('rm', [join(machine.software, 'slots/b/dist/quaywatch.js')]);
    expect(machine.boot()).toBe('1.0.0');
    expect(rollBack.bind(undefined, join(machine.folder, 'nowhere'))).toThrow(
      code('update.nothing') as never,
    );
  });
});

describe('what is no update of ours', () => {
  test.each([
    [
      'another key',
      'update.signature',
      (folder: string) => updateOf(folder, '2.0.0', signer(new Uint8Array(32).fill(1))),
    ],
    ['an older version', 'update.old', (folder: string) => updateOf(folder, '0.9.0')],
    [
      'half a file',
      'update.form',
      (folder: string) => {
        const whole = updateOf(folder, '2.0.0');
        writeFileSync(whole, readFileSync(whole).subarray(0, 12_000));
        return whole;
      },
    ],
    ['no file', 'update.form', (folder: string) => join(folder, 'none.tar')],
    [
      'a changed byte',
      'update.content',
      (folder: string) => {
        const whole = updateOf(folder, '2.0.0');
        const bytes = readFileSync(whole);
        bytes[bytes.lastIndexOf('xxxx')] = 0x79;
        writeFileSync(whole, bytes);
        return whole;
      },
    ],
    [
      'a file more',
      'update.content',
      (folder: string) => {
        const whole = updateOf(folder, '2.0.0');
        writeFileSync(join(folder, 'more.js'), 'x');
        spawnSync('tar', ['-rf', whole, '-C', folder, 'more.js']);
        return whole;
      },
    ],
  ])('is refused: %s', (_, refusal, make) => {
    using machine = new Machine();
    const file = make(machine.folder);
    expect(() => install(file, { software: machine.software, signedBy })).toThrow(code(refusal) as never);
    expect(machine.boot()).toBe('1.0.0');
    expect(existsSync(join(machine.software, 'slots/b'))).toBe(false);
  });
});
