import { parseArgs } from 'node:util';
import { openRunner } from '#models/models';
import type { Provider } from '#models/runner/protocol';
import { type Command, type CommandIo, UsageError, write } from './command.ts';
import { bundleOf, type Place, placeOf } from './models/bundles.ts';
import { parseCall } from './parse-call.ts';

const everyProvider: readonly Provider[] = ['tensorrt', 'cuda', 'webgpu', 'cpu'];

function providersOf(text: string | undefined): Provider[] {
  return (text ?? 'cpu').split(',').map((name) => {
    const provider = everyProvider.find((known) => known === name);
    if (!provider) throw new UsageError(`${name} is no provider: ${everyProvider.join(', ')}.`);
    return provider;
  });
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new UsageError(`--${name} ${text} is no number above 0.`);
  return value;
}

/** A row of figures for people: what, on which set, how much, how sure. */
const cells = (row: Readonly<Record<string, unknown>>): string =>
  Object.values(row)
    .map((value) => (typeof value === 'number' ? Number(value.toFixed(4)) : value))
    .join('\t');

interface Asked {
  readonly data?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quick?: boolean | undefined;
  readonly write?: boolean | undefined;
}

async function evaluate(id: string | undefined, asked: Asked, place: Place, io: CommandIo) {
  const bundle = await bundleOf(id, place, io);
  if (bundle.manifest.task === 'iron-ore') {
    if (asked.data !== undefined || asked.write)
      throw new UsageError('Figures of iron ore are of simulated ore: there is no --data and no --write.');
    const { evaluateOre } = await import('./models/eval-ore.ts');
    return evaluateOre(bundle, { quick: asked.quick ?? false, json: asked.json ?? false }, io);
  }
  const { runner, task } = await openRunner(bundle, { runner: { default: { deadlineMs: 600_000 } } });
  try {
    const good = await task.evaluate(bundle, runner.run, {
      data: asked.data,
      quick: asked.quick ?? false,
      write: asked.write ?? false,
      signal: io.signal,
      report: (row) => void io.stdout.write(`${asked.json ? JSON.stringify(row) : cells(row)}\n`),
      log: (line) => void io.stderr.write(`${line}\n`),
    });
    await write(io.stdout, '');
    return good ? 0 : 1;
  } finally {
    await runner.close();
  }
}

const options = {
  'air-level': { type: 'string' },
  bundles: { type: 'string' },
  data: { type: 'string' },
  deployment: { type: 'string' },
  energies: { type: 'string' },
  json: { type: 'boolean' },
  key: { type: 'string' },
  'pixel-mm': { type: 'string' },
  providers: { type: 'string' },
  quick: { type: 'boolean' },
  scanner: { type: 'string' },
  write: { type: 'boolean' },
} as const;

/** `quaywatch model list|verify|eval|infer`: bundles without a box. */
export const command: Command = {
  name: 'model',
  summary:
    'Bundles: what there is, whether they are right, how good they are, and what they find on a picture.',
  usage: [
    'model list [--json]',
    'model verify [ID] [--providers cuda,cpu]',
    'model eval ID [--data DIR] [--quick] [--write] [--json]',
    'model infer ID FILE… [--air-level N --energies HIGH,LOW --pixel-mm N [--scanner ID]] [--deployment CLASS] [--providers …]',
    'each with [--bundles DIR] [--key BASE64]',
  ].join(' | '),
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, allowPositionals: true, options }));
    const [what, id, ...files] = positionals;
    const place = placeOf(values);
    const providers = providersOf(values.providers);
    if (what !== 'infer' && files.length > 0)
      throw new UsageError(`\`model ${what}\` takes one model at most.`);
    if (what === 'list') return (await import('./models/verify.ts')).list(place, values.json ?? false, io);
    if (what === 'verify') return (await import('./models/verify.ts')).verify(id, place, providers, io);
    if (what === 'eval') return evaluate(id, values, place, io);
    if (what !== 'infer') throw new UsageError(what ? `There is no \`model ${what}\`.` : 'Say what to do.');
    if (files.length === 0) throw new UsageError('Name the pictures to look at.');
    const calibration = {
      airLevel: positive('air-level', values['air-level']),
      pixelMm: positive('pixel-mm', values['pixel-mm']),
      energiesMv: values.energies?.split(',').map((part) => positive('energies', part) ?? 0),
      scanner: values.scanner,
    };
    const bundle = await bundleOf(id, place, io);
    const { infer } = await import('./models/infer.ts');
    return infer(bundle, files, { calibration, deployment: values.deployment, providers }, place, io);
  },
};
