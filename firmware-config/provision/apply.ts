import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { detailOf, isMissing, replaceFile } from '../files.ts';
import type { Programs } from './programs.ts';
import type { Plan, Step } from './step.ts';

/** `skipped`: it cannot be done in a folder that is no running system, or its program is not here. */
export type State = 'done' | 'changed' | 'skipped' | 'failed';

export interface Outcome {
  readonly id: string;
  readonly state: State;
  readonly detail: string;
  /** What to do; empty when all is well. */
  readonly help: string;
}

export interface ApplyOptions {
  /** Folder that stands for the root of a machine; absent: this machine. */
  readonly root?: string;
  readonly programs: Programs;
}

type Told = Omit<Outcome, 'id'>;
const done = (detail: string): Told => ({ state: 'done', detail, help: '' });
const changed = (detail: string): Told => ({ state: 'changed', detail, help: '' });
const skipped = (detail: string): Told => ({ state: 'skipped', detail, help: '' });
const failed = (detail: string, help: string): Told => ({ state: 'failed', detail, help });

/** Carries a plan out, step by step. What is so already stays untouched; a step that fails stops no other. */
export function* apply(plan: Plan, options: ApplyOptions): Generator<Outcome> {
  const changes = new Set<string>();
  for (const step of plan.steps) {
    let told: Told;
    try {
      told = carryOut(step, options, changes);
    } catch (error) {
      told = failed(detailOf(error), 'Run it as root, see the message, and apply the plan again.');
    }
    if (told.state === 'changed') changes.add(step.id);
    yield { id: step.id, ...told };
  }
}

function carryOut(step: Step, options: ApplyOptions, changes: ReadonlySet<string>): Told {
  const at = (path: string) => (options.root === undefined ? path : join(options.root, path));
  switch (step.kind) {
    case 'packages':
      return packages(step.names, options);
    case 'folder':
      return folder(at(step.path), step.mode, step.owner, options);
    case 'file':
      return file(at(step.path), step, options);
    case 'reserve':
      return reserve(at(step.path), step.bytes, options);
    case 'run': {
      if (step.after && !step.after.some((id) => changes.has(id)))
        return done('nothing changed that it reads');
      if (options.root === undefined) return run(step.program, step.args, options.programs);
      if (step.rootOption === undefined) return skipped('only on a running system');
      return run(step.program, [`${step.rootOption}${options.root}`, ...step.args], options.programs);
    }
    case 'look': {
      if (options.root !== undefined) return skipped('only on a running system');
      const { code, output } = options.programs.run(step.program, step.args);
      return code === 0
        ? done(output.trim())
        : failed(output.trim() || `${step.program} is not there`, step.help);
    }
  }
}

function packages(names: readonly string[], { root, programs }: ApplyOptions): Told {
  if (root !== undefined) return skipped('only on a running system');
  const missing = names.filter(
    (name) =>
      !/^install ok installed/.test(programs.run('dpkg-query', ['-W', '-f', '$' + '{Status}', name]).output),
  );
  if (missing.length === 0) return done('all there');
  programs.run('apt-get', ['update']);
  const { code, output } = programs.run('apt-get', ['install', '-y', '--no-install-recommends', ...missing]);
  if (code === 0) return changed(`installed ${missing.join(', ')}`);
  return failed(lastLine(output), `Install by hand: apt-get install ${missing.join(' ')}`);
}

function folder(path: string, mode: number, owner: string, { root, programs }: ApplyOptions): Told {
  const there = modeOf(path);
  if (there === undefined) mkdirSync(path, { recursive: true, mode });
  if (there !== mode) chmodSync(path, mode);
  // A plain folder has no users of its own.
  const other = root === undefined && programs.run('stat', ['-c', '%U:%G', path]).output.trim() !== owner;
  if (other) {
    const { code, output } = programs.run('chown', [owner, path]);
    if (code !== 0) return failed(lastLine(output), `chown ${owner} ${path}`);
  }
  return there === mode && !other ? done('as it should be') : changed('made or mended');
}

function file(path: string, step: Step & { kind: 'file' }, { programs }: ApplyOptions): Told {
  const { mode, content, check } = step;
  const same = modeOf(path) === mode && readFileSync(path, 'utf8') === content;
  if (same) return done('as it should be');
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const unchecked = check && programs.find(check.program) === undefined;
  if (check && !unchecked) {
    const trial = `${path}.check`;
    writeFileSync(trial, content, { mode: 0o600 });
    try {
      const { code, output } = programs.run(
        check.program,
        check.args.map((arg) => arg.replace('{file}', trial)),
      );
      if (code !== 0)
        return failed(
          `${check.program} refuses it: ${lastLine(output)}`,
          'The file that was there stays. Correct the config.',
        );
    } finally {
      rmSync(trial, { force: true });
    }
  }
  replaceFile(path, content, mode);
  chmodSync(path, mode);
  return changed(unchecked ? `written; not checked, there is no ${check.program}` : 'written');
}

/** Space that is really taken, so that nothing else can have it. */
function reserve(path: string, bytes: number, { programs }: ApplyOptions): Told {
  const mb = Math.round(bytes / 1e6);
  try {
    if (statSync(path).blocks * 512 >= bytes) return done(`${mb} MB are held back`);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const { bavail, bsize } = statfsSync(dirname(path));
  if (bavail * bsize < bytes * 2) {
    return failed(`the disk has no ${2 * mb} MB to spare`, 'Free some space, or lower machine.reserveBytes.');
  }
  const { code, output } = programs.run('fallocate', ['-l', String(bytes), path]);
  return code === 0
    ? changed(`${mb} MB are held back`)
    : failed(lastLine(output), 'Use a file system that can allocate (ext4, xfs).');
}

function run(program: string, args: readonly string[], programs: Programs): Told {
  if (programs.find(program) === undefined)
    return failed(`there is no ${program}`, 'This wants a Debian with systemd.');
  const { code, output } = programs.run(program, args);
  return code === 0
    ? changed('done')
    : failed(lastLine(output), `Run it by hand and see: ${program} ${args.join(' ')}`);
}

const modeOf = (path: string): number | undefined => {
  try {
    return lstatSync(path).mode & 0o7777;
  } catch {
    return undefined;
  }
};

const lastLine = (output: string): string => output.trim().split('\n').at(-1) ?? '';
