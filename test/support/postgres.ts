import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { until } from './hub.ts';

const run = promisify(execFile);
const versions = '/usr/lib/postgresql';

/** Folder of PostgreSQL's programs as Debian installs them; undefined: it is not installed. */
export const postgresPrograms = (): string | undefined =>
  existsSync(versions)
    ? readdirSync(versions)
        .map((version) => join(versions, version, 'bin'))
        .findLast((folder) => existsSync(join(folder, 'initdb')))
    : undefined;

/** A real PostgreSQL server on loopback, with data of its own. */
export interface Postgres {
  /** Address of a new, empty database. */
  create(): Promise<string>;
  /** Ends the server at once, without a checkpoint. */
  kill(): Promise<void>;
  /** Starts it again on the same data. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * PostgreSQL refuses to run as root: then it runs as the user that Debian made for it. Without `durable` nothing is
 * forced to the disk, which only a power cut would show.
 */
export async function postgres(programs: string, durable = false): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-postgres-'));
  const data = join(folder, 'data');
  const port = await freePort();
  const root = process.getuid?.() === 0;
  const as = (program: string, args: readonly string[]): [string, string[]] =>
    root
      ? ['runuser', ['-u', 'postgres', '--', join(programs, program), ...args]]
      : [join(programs, program), [...args]];
  if (root) await run('chown', ['postgres', folder]);
  chmodSync(folder, 0o700);
  const init = ['-D', data, '-A', 'trust', '-U', 'quaywatch', '-E', 'UTF8', '--no-locale', '--no-sync'];
  await run(...as('initdb', init), { cwd: folder });
  const client = ['-h', '127.0.0.1', '-p', `${port}`];
  let server: { process: ChildProcess; exited: Promise<void> } | undefined;
  let databases = 0;

  const ready = () =>
    run(join(programs, 'pg_isready'), client).then(
      () => true,
      () => false,
    );
  async function start(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      `fsync=${durable ? 'on' : 'off'}`,
    ];
    const flags = settings.flatMap((setting) => ['-c', setting]);
    const [program, args] = as('postgres', ['-D', data, '-p', `${port}`, ...flags]);
    const child = spawn(program, args, { cwd: folder, stdio: 'ignore' });
    server = { process: child, exited: new Promise((resolve) => child.once('close', () => resolve())) };
    await until(ready, 'PostgreSQL accepts connections');
  }
  async function end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    if (!server) return;
    // The child may be runuser; the server's own number is in its file.
    const main = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    // One that serves a client outlives the main process for a moment, and would still answer.
    const all = [main, ...(signal === 'SIGKILL' ? childrenOf(main) : [])];
    for (const pid of all.filter(runs)) process.kill(pid, signal);
    await server.exited;
    await until(() => !all.some(runs), 'PostgreSQL is gone');
    server = undefined;
  }
  await start();
  return {
    async create() {
      databases += 1;
      const name = `test${databases}`;
      await run(join(programs, 'createdb'), [...client, '-U', 'quaywatch', name]);
      return `postgres://quaywatch@127.0.0.1:${port}/${name}`;
    },
    kill: () => end('SIGKILL'),
    start,
    async stop() {
      await end('SIGINT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);

/** Whether the process runs; one that has ended and that nobody has asked after does not. */
function runs(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
