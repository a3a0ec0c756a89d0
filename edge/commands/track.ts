import { createReadStream, existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Matcher, type MatchRules } from '#flows/roads/match';
import { buildNetwork } from '#flows/roads/network';
import { matchDefaults } from '#flows/roads/rules';
import { faults } from '../faults.ts';
import { readRoadFile } from '../roads/read.ts';
import { type Command, type CommandIo, UsageError, write } from './command.ts';
import { Complaints } from './complaints.ts';
import { lines } from './lines.ts';
import { parseCall } from './parse-call.ts';
import { MatchedLines, positionOf } from './track/matched-lines.ts';

/** Lines are written in pieces of about this many characters. */
const pieceChars = 64 * 1024;

const options = {
  roads: { type: 'string' },
  input: { type: 'string' },
  sigma: { type: 'string' },
  beta: { type: 'string' },
  radius: { type: 'string' },
  lag: { type: 'string' },
} as const;

function positive(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!(Number(text) > 0 && Number(text) < 1e6)) throw new UsageError(`--${name} is no positive number.`);
  return Number(text);
}

function inputOf(file: string | undefined, io: CommandIo) {
  if (file === undefined || file === '-') return io.stdin;
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  return createReadStream(file);
}

async function match(
  values: { readonly [name in keyof typeof options]?: string | undefined },
  io: CommandIo,
) {
  if (values.roads === undefined) throw new UsageError('--roads FILE is missing.');
  const rules: MatchRules = {
    ...matchDefaults,
    sigmaM: positive('sigma', values.sigma, matchDefaults.sigmaM),
    betaM: positive('beta', values.beta, matchDefaults.betaM),
    maxDistanceM: positive('radius', values.radius, matchDefaults.maxDistanceM),
    // A recording is here whole: a decision can wait for more than a live one.
    lagFixes: Math.round(positive('lag', values.lag, 100)),
  };
  const input = inputOf(values.input, io);
  const roads = await readRoadFile(values.roads);
  const network = buildNetwork(roads);
  const matched = new MatchedLines(new Matcher(network, rules));
  const complaints = new Complaints(io.stderr);
  let [number, passed] = [0, 0];
  for await (const line of lines(input, io.signal)) {
    number++;
    if (line.length === 0) continue;
    const read = positionOf(line.toString('utf8'));
    if (read === 'other') passed++;
    else if ('detail' in read)
      complaints.add(`line ${number}`, faults.problem('track.line', { detail: read.detail }));
    else matched.add(read);
    if (matched.pending > pieceChars) await write(io.stdout, matched.take());
  }
  matched.end();
  await write(io.stdout, matched.take());
  complaints.end();
  const { count, off } = matched;
  io.stderr.write(
    `${count} positions on ${roads.roads.length} roads, ${off} of them on none` +
      `${passed > 0 ? `; ${passed} lines are no positions` : ''}\n`,
  );
  return complaints.count > 0 ? 1 : 0;
}

/** `quaywatch track match`: on which road each position of a recording was. */
export const command: Command = {
  name: 'track',
  summary:
    'Positions, a line each, to the roads that they were on: `road`, `offsetM` and `distanceM` for each.',
  usage: 'track match --roads FILE [--input NDJSON] [--sigma M] [--beta M] [--radius M] [--lag FIXES]',
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, options, allowPositionals: true }));
    const [what, ...rest] = positionals;
    if (what !== 'match' || rest.length > 0) throw new UsageError('What there is to do with tracks: match.');
    return await match(values, io);
  },
};
