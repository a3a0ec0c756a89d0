import { PassThrough, Readable } from 'node:stream';
import type { Command } from '#edge/commands/command';
import { describeError, UsageError } from '#firmware-config/command';

/** Runs a command in this process with nothing on standard input, up to what it throws. */
function ran(command: Pick<Command, 'run'>, args: readonly string[]) {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) =>
    new PassThrough().on('data', (bytes: Buffer) => {
      said[name] += bytes.toString();
    });
  const [stdout, stderr] = [into('stdout'), into('stderr')];
  const run = async () =>
    command.run([...args], {
      stdin: Readable.from([]),
      stdout,
      stderr,
      signal: new AbortController().signal,
    });
  return { said, run };
}

/** Its lines of NDJSON are parsed; what it throws is thrown. */
export async function commandRun(command: Pick<Command, 'run'>, args: readonly string[]) {
  const { said, run } = ran(command, args);
  const code = await run();
  const lines = said.stdout.trim().split('\n').filter(Boolean);
  return { code, err: said.stderr, rows: lines.map((line) => JSON.parse(line)) };
}

/** As somebody at a prompt has it: what it throws is an exit code and a sentence. */
export async function commandTyped(command: Pick<Command, 'run'>, args: readonly string[]) {
  const { said, run } = ran(command, args);
  try {
    return { code: await run(), ...said };
  } catch (error) {
    return { code: error instanceof UsageError ? 2 : 1, stdout: said.stdout, stderr: describeError(error) };
  }
}
