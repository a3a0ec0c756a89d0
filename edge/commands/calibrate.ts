import { parseArgs } from 'node:util';
import { type Technique, techniques } from '#models/chemometrics/technique';
import { wanted } from './calibrate/files.ts';
import { type Command, UsageError } from './command.ts';
import { parseCall } from './parse-call.ts';

function count(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UsageError(`--components ${text} is no whole number above 0.`);
  return value;
}

function techniqueOf(text = 'nir'): Technique {
  const found = techniques.find((technique) => technique === text);
  if (!found) throw new UsageError(`--technique ${text} is none of ${techniques.join(', ')}.`);
  return found;
}

const options = {
  bundle: { type: 'string' },
  components: { type: 'string' },
  name: { type: 'string' },
  out: { type: 'string' },
  picture: { type: 'string' },
  primary: { type: 'string' },
  secondary: { type: 'string' },
  spectra: { type: 'string' },
  target: { type: 'string' },
  technique: { type: 'string' },
  unit: { type: 'string' },
  values: { type: 'string' },
} as const;

/** Options that each of them takes. */
const taken: Readonly<Record<string, readonly (keyof typeof options)[]>> = {
  pls: ['spectra', 'values', 'target', 'components', 'name', 'unit', 'technique', 'out', 'picture'],
  transfer: ['bundle', 'primary', 'secondary', 'name', 'out'],
  predict: ['bundle', 'spectra'],
};

/** `quaywatch calibrate pls|transfer|predict`: a laboratory's own calibrations, as bundles. */
export const command: Command = {
  name: 'calibrate',
  summary: "A laboratory's own calibrations: made of spectra and values, taken to another instrument, used.",
  usage: [
    'calibrate pls --spectra X.csv --values Y.csv --target NAME [--components N] [--name MINE] [--unit %] [--technique nir|xrf|gamma] --out BUNDLE [--picture FILE]',
    'calibrate transfer --bundle B --primary A.csv --secondary C.csv [--name INSTRUMENT] --out B2',
    'calibrate predict --bundle B --spectra X.csv',
  ].join(' | '),
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, allowPositionals: true, options }));
    const [what, ...rest] = positionals;
    if (what === undefined) throw new UsageError('Say what to do: pls, transfer or predict.');
    const known = Object.hasOwn(taken, what) ? taken[what] : undefined;
    if (!known) throw new UsageError(`There is no \`calibrate ${what}\`.`);
    if (rest.length > 0)
      throw new UsageError(`\`calibrate ${what}\` takes options only, not ${rest.join(' ')}.`);
    const strange = Object.keys(values).find((name) => !known.some((option) => option === name));
    if (strange) throw new UsageError(`\`calibrate ${what}\` takes no --${strange}.`);
    const of = (name: keyof typeof options) => wanted(name, values[name]);
    if (what === 'predict') {
      return (await import('./calibrate/predict.ts')).predict(of('bundle'), of('spectra'), io);
    }
    if (what === 'transfer') {
      const call = {
        bundle: of('bundle'),
        primary: of('primary'),
        secondary: of('secondary'),
        name: values.name,
        out: of('out'),
      };
      return (await import('./calibrate/transfer.ts')).transfer(call, io);
    }
    const call = { spectra: of('spectra'), values: of('values'), target: of('target'), out: of('out') };
    return (await import('./calibrate/pls.ts')).pls(
      {
        ...call,
        components: count(values.components),
        name: values.name,
        unit: values.unit ?? '%',
        technique: techniqueOf(values.technique),
        picture: values.picture,
      },
      io,
    );
  },
};
