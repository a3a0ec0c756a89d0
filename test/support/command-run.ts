import { PassThrough, Readable } from 'node:stream';
import type { Command } from '#edge/commands/command';

/** Runs a command in this process with nothing on standard input; its lines of NDJSON are parsed. */
export async function commandRun(command: Pick<Command, 'run'>, args: readonly string[]) {
  const said = { out: '', err: '' };
  const into = (name: keyof typeof said) =>
    new PassThrough().on('data', (bytes: Buffer) => {
      said[name] += bytes.toString();
    });
  const [stdout, stderr] = [into('out'), into('err')];
  const code = await command.run([...args], {
    stdin: Readable.from([]),
    stdout,
    stderr,
    signal: new AbortController().signal,
  });
  const rows = said.out
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return { code, err: said.err, rows };
}
