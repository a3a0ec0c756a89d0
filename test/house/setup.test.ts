import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../scripts/setup/explain.mjs';
import { headersVersion } from '../../scripts/setup/headers.mjs';
import { checkDisk, missingPackages } from '../../scripts/setup/install.mjs';
import { lockSetup } from '../../scripts/setup/lock.mjs';
import { which } from '../../scripts/setup/paths.mjs';
import { buildFiles, stampOf } from '../../scripts/setup/stamp.mjs';
import { leastNode, nodeProblem } from '../../scripts/setup/versions.mjs';
import { closingLine, nothing, one, sum, tallyOf } from '../../scripts/test/tally.mjs';
import { root } from './source.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qw-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '100.1.0'])('%s will do', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
  it.each(['20.18.3', '18.20.0', '8.0.0', '0.12.0'])('%s is refused in one line', (version) => {
    expect(nodeProblem(version)).toMatch(/^Node .* too old: install Node 20\.19 or later.*\.$/);
  });
  it('is the one that package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(engines.node).toBe(`>=${leastNode.join('.')}`);
  });
});

describe('installed packages', () => {
  const entry = (version: string, rest = {}) => ({ version, ...rest });
  const wanted = {
    packages: {
      '': entry('0.1.0'),
      'node_modules/a': entry('1.0.0'),
      'node_modules/b': entry('2.0.0', { optional: true }),
      'node_modules/local': { link: true },
    },
  };
  it.each([
    ['nothing is there', undefined, ['node_modules/a']],
    ['an interrupted install', { packages: {} }, ['node_modules/a']],
    ['all but what is optional', { packages: { 'node_modules/a': entry('1.0.0') } }, []],
    ['an older version', { packages: { 'node_modules/a': entry('0.9.0') } }, ['node_modules/a']],
    [
      'an older version of an optional one',
      { packages: { 'node_modules/a': entry('1.0.0'), 'node_modules/b': entry('1.0.0') } },
      ['node_modules/b'],
    ],
    [
      'more than is wanted',
      { packages: { 'node_modules/a': entry('1.0.0'), 'node_modules/z': entry('1.0.0') } },
      [],
    ],
  ])('%s', (_, present, missing) => expect(missingPackages(wanted, present)).toEqual(missing));
});

describe('the stamp of the build', () => {
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const stamp = () => stampOf(folder, buildFiles(folder));
  beforeEach(() => {
    write('flows/a.ts', 'a');
    write('flows/deep/b.ts', 'b');
    write('tsconfig.json', '{}');
  });

  it('is the same for the same sources, whatever else lies about', () => {
    const before = stamp();
    write('flows/a.test.ts', 'a test');
    write('README.md', 'a page');
    write('dist/flows/a.js', 'output');
    write('flows/a.ts', 'a');
    expect(stamp()).toBe(before);
  });
  it.each([
    ['a change', () => write('flows/deep/b.ts', 'c')],
    ['a new file', () => write('hub/c.ts', '')],
    ['a changed setting', () => write('tsconfig.json', '{"a":1}')],
    ['another name', () => write('flows/deep/renamed.ts', 'b')],
  ])('tells %s', (_, change) => {
    const before = stamp();
    change();
    expect(stamp()).not.toBe(before);
  });
  it('covers every folder of the product', () => {
    const folders = new Set(buildFiles(root).map((path) => path.split('/')[0]));
    for (const part of ['flows', 'drivers', 'firmware-config', 'edge', 'hub', 'quaywatch.ts']) {
      expect(folders).toContain(part);
    }
  });
});

describe('one set-up at a time', () => {
  it('refuses a second while the first lives, and takes over when it is dead', async () => {
    // Named like a script of ours, as the lock looks at what the holder is.
    const script = join(folder, 'scripts', 'start.mjs');
    mkdirSync(join(folder, 'scripts'));
    writeFileSync(script, 'setInterval(() => {}, 1000)');
    const holder = spawn(process.execPath, [script]);
    const lock = join(folder, 'setup.lock');
    writeFileSync(lock, String(holder.pid));
    await expect.poll(() => cmdline(holder.pid)).toContain('scripts/start.mjs');
    expect(() => lockSetup(folder)).toThrow(/process \d+.*wait/);
    const gone = new Promise((resolve) => holder.on('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    const unlock = lockSetup(folder);
    expect(readFileSync(lock, 'utf8')).toBe(String(process.pid));
    unlock();
    expect(() => readFileSync(lock)).toThrow(/ENOENT/);
  });

  const cmdline = (pid: number | undefined) => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
});

describe('what went wrong', () => {
  it.each([
    ['npm error code ENOSPC\nnpm error nospc write', 'disk is full'],
    ['npm error code EUSAGE', 'package-lock.json disagree'],
    ['npm error network request failed, reason: getaddrinfo EAI_AGAIN host', 'registry cannot be reached'],
    ['gyp ERR! stack Error: not found: make', 'compiler'],
    ['gyp ERR! find Python Could not find any Python installation to use', 'Python 3'],
  ])('%j', (output, advice) => {
    expect(explain(output)).toContain(advice);
    expect(explain(output)).not.toContain('\n');
  });
  it('says nothing of what it does not know', () =>
    expect(explain('error TS2304: Cannot find name')).toBeUndefined());
  it('says how much room is missing', async () => {
    await expect(checkDisk(Number.MAX_SAFE_INTEGER)).rejects.toThrow(
      /has \d+ MB left and \d+ MB are needed: free some/,
    );
    await expect(checkDisk(0)).resolves.toBeUndefined();
  });
});

describe('Node headers', () => {
  it('are of a version, or not there', () => {
    expect(headersVersion(folder)).toBeUndefined();
    mkdirSync(join(folder, 'include/node'), { recursive: true });
    const lines = ['MAJOR 20', 'MINOR 20', 'PATCH 2'].map(
      (part) => `#define NODE_${part.replace(' ', '_VERSION ')}`,
    );
    writeFileSync(join(folder, 'include/node/node_version.h'), lines.join('\n'));
    expect(headersVersion(folder)).toBe('20.20.2');
  });
});

describe('programs', () => {
  it('are found on the PATH when they can be run', () => {
    writeFileSync(join(folder, 'tool'), '#!/bin/sh\n', { mode: 0o644 });
    expect(which('tool', folder)).toBeUndefined();
    writeFileSync(join(folder, 'tool2'), '#!/bin/sh\n', { mode: 0o755 });
    expect(which('tool2', `/nowhere:${folder}`)).toBe(join(folder, 'tool2'));
  });
});

describe('the closing line', () => {
  it('adds up', () => {
    const all = sum([one(true), one(false), { passed: 40, failed: 1, skipped: 0 }]);
    expect(closingLine(all)).toBe('41 passed, 2 failed');
    expect(closingLine({ ...all, skipped: 3 })).toBe('41 passed, 2 failed, 3 skipped');
    expect(closingLine(sum([]))).toBe('0 passed, 0 failed');
  });

  const file = (status: string, ...tests: string[]) => ({
    status,
    assertionResults: tests.map((result) => ({ status: result })),
  });
  const tally = (passed: number, failed: number, skipped = 0) => ({ passed, failed, skipped });
  it.each([
    [
      'tests by their status',
      [file('passed', 'passed', 'skipped'), file('failed', 'failed', 'passed')],
      1,
      tally(2, 1, 1),
    ],
    ['a file that could not be loaded', [file('failed'), file('passed', 'passed')], 1, tally(1, 1)],
    ['a run that ended badly although every test passed', [file('passed', 'passed')], 1, tally(1, 1)],
    ['a run that was killed', [file('passed', 'passed')], 'SIGKILL', tally(1, 1)],
    ['a run without a test', [], 0, tally(0, 1)],
    ['a run in which all was skipped', [file('passed', 'skipped')], 0, tally(0, 1, 1)],
  ])('counts %s', (_, testResults, ended, expected) => {
    expect(tallyOf({ testResults }, ended)).toEqual(expected);
  });
  it('counts a runner that left no report as a failure', () => {
    expect(tallyOf(undefined, 1)).toEqual({ ...nothing, failed: 1 });
  });
});

describe('scripts', () => {
  it('that run before anything is installed import Node alone', () => {
    const list = execFileSync(
      'git',
      ['ls-files', '-co', '--exclude-standard', 'scripts/*.mjs', 'scripts/**/*.mjs'],
      { cwd: root },
    );
    // The bundling of third parties runs after the installation.
    const paths = list
      .toString()
      .trim()
      .split('\n')
      .filter((path) => path !== 'scripts/setup/vendor.mjs');
    const foreign = paths.flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
        (match) => match[1] ?? '',
      );
      return specifiers.filter((name) => !/^(node:|\.)/.test(name)).map((name) => `${path}: ${name}`);
    });
    expect(foreign).toEqual([]);
    expect(paths.length).toBeGreaterThan(10);
  });
});
