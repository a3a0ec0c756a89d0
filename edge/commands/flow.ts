import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { drivers } from '#drivers/registry';
import type { Event } from '#flows/event';
import { describeProblem, Fault, type Problem } from '#flows/fault';
import type { FlowDocument } from '#flows/flow';
import { lintFlow } from '#flows/lint';
import { parseFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import { runFlow } from '#flows/run/run';
import type { RunPoint } from '#flows/run/snapshot';
import { describeResult, testFlow } from '#flows/run/tests';
import { takesStored } from '#flows/stored/entries';
import { lintHubFlow } from '#flows/stored/lint';
import { type Command, type CommandIo, UsageError, write } from './command.ts';
import { Complaints } from './complaints.ts';
import { missingBundles, openResources } from './flow-resources.ts';
import { lines } from './lines.ts';
import { parseCall } from './parse-call.ts';
import { openRunState } from './run-state.ts';

const usage =
  'flow lint FILE [--bundles DIR] | flow run FILE [--input NDJSON] [--seed N] [--state DIR] [--hold] [--bundles DIR] | flow test FILE [--bundles DIR]';
/** Lines between two commits of a run that keeps its state. */
const commitEveryLines = 500;
/** Exit code of a run that was told to stop; with `--state` the next one goes on where it had committed. */
const interrupted = 130;
/** Events are written in pieces of about this many characters. */
const pieceChars = 64 * 1024;

async function readFlowFile(
  file: string,
): Promise<{ document: FlowDocument } | { problems: readonly Problem[] }> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  });
  const parsed = parseFlow(text);
  if ('problems' in parsed) return parsed;
  const problems = takesStored(parsed.document)
    ? lintHubFlow(parsed.document, stages)
    : lintFlow(parsed.document, stages, drivers);
  return problems.length > 0 ? { problems } : parsed;
}

function complain(io: CommandIo, file: string, problems: readonly Problem[]): number {
  for (const problem of problems) io.stderr.write(`${file}: ${describeProblem(problem)}\n`);
  return 1;
}

const say = (io: CommandIo) => (problem: Problem) => void io.stderr.write(`${describeProblem(problem)}\n`);

async function lint(file: string, bundles: string | undefined, io: CommandIo): Promise<number> {
  const read = await readFlowFile(file);
  if ('problems' in read) return complain(io, file, read.problems);
  const missing = await missingBundles(read.document, bundles, say(io));
  if (missing.length > 0) return complain(io, file, missing);
  const { id, version, nodes, wires } = read.document;
  io.stdout.write(
    `${file}: ${id} version ${version}, ${nodes.length} nodes, ${wires.length} wires, no problems\n`,
  );
  return 0;
}

async function test(file: string, bundles: string | undefined, io: CommandIo): Promise<number> {
  const read = await readFlowFile(file);
  if ('problems' in read) return complain(io, file, read.problems);
  await using world = await openResources(read.document, [dirname(file)], bundles, say(io));
  const results = await testFlow(read.document, stages, world.resources);
  for (const result of results) io.stdout.write(`${describeResult(result).join('\n')}\n`);
  const failed = results.filter((result) => !result.passed).length;
  io.stdout.write(`${results.length - failed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

interface RunCall {
  readonly input?: string | undefined;
  readonly seed?: string | undefined;
  readonly state?: string | undefined;
  readonly hold?: boolean | undefined;
  readonly bundles?: string | undefined;
}

async function* text(input: Readable, signal: AbortSignal): AsyncGenerator<string> {
  for await (const line of lines(input, signal)) yield line.toString('utf8');
  // An interruption is not the end of the recording: windows must not be flushed because of it.
  signal.throwIfAborted();
}

/** Gathers events and writes them with back-pressure. */
class Output {
  readonly #io: CommandIo;
  #pending = '';

  constructor(io: CommandIo) {
    this.#io = io;
  }

  async add(event: Event): Promise<void> {
    this.#pending += `${JSON.stringify(event)}\n`;
    if (this.#pending.length >= pieceChars) await this.flush();
  }

  async flush(): Promise<void> {
    const piece = this.#pending;
    this.#pending = '';
    if (piece !== '') await write(this.#io.stdout, piece);
  }
}

async function run(file: string, call: RunCall, io: CommandIo): Promise<number> {
  const seed = Number(call.seed ?? 0);
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed ${call.seed} is no whole number.`);
  if (call.input !== undefined && !existsSync(call.input))
    throw new UsageError(`There is no file ${call.input}.`);
  const read = await readFlowFile(file);
  if ('problems' in read) return complain(io, file, read.problems);

  // A recording's pixels lie beside it, those of one that comes on standard input beside the flow.
  const folders = [...(call.input === undefined ? [] : [dirname(call.input)]), dirname(file)];
  await using world = await openResources(read.document, folders, call.bundles, say(io));
  const complaints = new Complaints(io.stderr);
  const output = new Output(io);
  const state = call.state === undefined ? undefined : openRunState(call.state);
  const resume = state?.load();
  const input = call.input === undefined ? io.stdin : createReadStream(call.input);
  let sinceCommit = 0;
  let last: RunPoint | undefined;
  try {
    const events = runFlow({
      document: read.document,
      stages,
      seed,
      lines: text(input, io.signal),
      hold: call.hold ?? false,
      resources: world.resources,
      ...(resume && { resume }),
      ...(state && {
        // Events go out before the commit that counts them: after a kill some come again, none is missing.
        onCommit: async (point) => {
          last = point;
          if (++sinceCommit % commitEveryLines !== 0) return;
          await output.flush();
          state.save(point.commit());
        },
      }),
      onProblem: (problem) => complaints.add(call.input ?? 'standard input', problem),
      onError: ({ node, code, detail }) => io.stderr.write(`${node}: ${code}: ${detail}\n`),
    });
    for await (const event of events) await output.add(event);
    await output.flush();
    if (state && last) state.save(last.commit());
  } catch (error) {
    await output.flush();
    if (io.signal.aborted) return interrupted;
    if (!(error instanceof Fault)) throw error;
    io.stderr.write(`${describeProblem(error.problem)}\n`);
    return error.problem.code.startsWith('run.') ? 2 : 1;
  } finally {
    state?.close();
  }
  complaints.end();
  return complaints.count > 0 ? 1 : 0;
}

/** `quaywatch flow lint|run|test FILE`: flows without a device. */
export const command: Command = {
  name: 'flow',
  summary: 'Checks a flow, runs it on recorded messages in virtual time, or runs the tests that it carries.',
  usage,
  async run(args, io) {
    const { values, positionals } = parseCall(() =>
      parseArgs({
        args,
        allowPositionals: true,
        options: {
          input: { type: 'string' },
          seed: { type: 'string' },
          state: { type: 'string' },
          hold: { type: 'boolean' },
          bundles: { type: 'string' },
        },
      }),
    );
    const [what, file, ...rest] = positionals;
    if (!file || rest.length > 0) throw new UsageError('Name what to do and one flow file.');
    if (what === 'lint') return lint(file, values.bundles, io);
    if (what === 'test') return test(file, values.bundles, io);
    if (what === 'run') return run(file, values, io);
    throw new UsageError(`There is no \`flow ${what}\`.`);
  },
};
