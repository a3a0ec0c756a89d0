import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faults } from '../faults.ts';

/** A file as somebody gives it to the screen. */
export interface GivenFile {
  readonly name: string;
  readonly text: string;
}

export interface LaboratoryCall {
  /** Words of the command; `@name` is the place of a file of this run. */
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, GivenFile>>;
  /** A folder that lies in the run's as `@bundle` from the beginning. */
  readonly bundle?: string | undefined;
}

export interface LaboratoryAnswer {
  /** Objects on standard output. */
  readonly rows: readonly unknown[];
  /** What the command says beside, a line each. */
  readonly notes: readonly string[];
  /** What a picture of it needs: the file `@picture`, where the command writes one. */
  readonly picture: unknown;
  /** Folder of the run, for what it made; gone after `done`. */
  readonly folder: string;
  done(): Promise<void>;
}

const limitMs = 600_000;
const mostNotes = 200;

/** The built program: beside this file, or below dist/ where tests run from source. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/quaywatch.js' : '../quaywatch.js', import.meta.url),
);

async function ended(args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8') };
}

/**
 * Runs one of the laboratory's commands as a process of its own, one after the other: a calibration takes a core for seconds, and must
 * neither hold the hub up nor harm it. Throws `laboratory.refused` with what the command says.
 */
export class LaboratoryRuns {
  #last: Promise<unknown> = Promise.resolve();

  run(call: LaboratoryCall): Promise<LaboratoryAnswer> {
    const next = this.#last.then(() => this.#run(call));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #run({ args, files, bundle }: LaboratoryCall): Promise<LaboratoryAnswer> {
    const folder = await mkdtemp(join(tmpdir(), 'quaywatch-laboratory-'));
    const done = () => rm(folder, { recursive: true, force: true });
    try {
      for (const [name, { text }] of Object.entries(files)) await writeFile(join(folder, name), text);
      if (bundle !== undefined) await cp(bundle, join(folder, 'bundle'), { recursive: true });
      const at = (word: string) => (word.startsWith('@') ? join(folder, word.slice(1)) : word);
      const { code, out, err } = await ended(args.map(at));
      const notes = linesOf(named(err, folder, files)).slice(0, mostNotes);
      // Exit 1 with rows: some of what was given is wrong, and the rest is answered.
      if (out.trim() === '' && code !== 0)
        throw faults.fault('laboratory.refused', { detail: notes.join(' ') || `it ended with ${code}` });
      const picture = await readFile(join(folder, 'picture'), 'utf8').then(JSON.parse, () => null);
      return { rows: linesOf(out).map((line) => JSON.parse(line) as unknown), notes, picture, folder, done };
    } catch (error) {
      await done();
      throw error;
    }
  }
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

/** Problems name files by their places in the run: whoever gave them knows them by their own names. */
function named(text: string, folder: string, files: LaboratoryCall['files']): string {
  return Object.entries(files)
    .reduce((all, [name, given]) => all.replaceAll(join(folder, name), given.name), text)
    .replaceAll(`${folder}/`, '');
}
