import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';
import { parseCall } from './parse-call.ts';

function numbers(name: string, text: string | undefined, least: number, most: number): number[] | undefined {
  if (text === undefined) return undefined;
  const values = text.split(',').map(Number);
  if (values.length < least || values.length > most || !values.every(Number.isFinite))
    throw new UsageError(
      `--${name} ${text} is not ${least === most ? least : `${least} to ${most}`} numbers.`,
    );
  return values;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value >= 0.5 && value < 1)) throw new UsageError(`--confidence ${text} is not between 0.5 and 1.`);
  return value;
}

const options = {
  all: { type: 'boolean' },
  calibration: { type: 'string' },
  confidence: { type: 'string', default: '0.99' },
  elements: { type: 'string' },
  excitation: { type: 'string' },
  picture: { type: 'string' },
} as const;

/** An offset below zero begins with a dash, which is not to be taken for another option. */
const joinedNumbers = (args: readonly string[]): string[] =>
  args.flatMap((arg, i) => {
    if (arg === '--calibration' && /^-[\d.]/.test(args[i + 1] ?? '')) return [`${arg}=${args[i + 1]}`];
    return args[i - 1] === '--calibration' && /^-[\d.]/.test(arg) ? [] : [arg];
  });

/** `quaywatch xrf fit`: elements and areas of one X-ray fluorescence spectrum. */
export const command: Command = {
  name: 'xrf',
  summary: 'Elements of an X-ray fluorescence spectrum and the areas of their lines.',
  usage:
    'xrf fit FILE [--calibration OFFSET,GAIN[,QUADRATIC]] [--excitation KEV] [--elements Fe,Mn,…] [--confidence 0.99] [--all] [--picture FILE]',
  async run(args, io) {
    const { values, positionals } = parseCall(() =>
      parseArgs({ args: joinedNumbers(args), allowPositionals: true, options }),
    );
    const [what, file, ...rest] = positionals;
    if (what !== 'fit') throw new UsageError(what ? `There is no \`xrf ${what}\`.` : 'Say what to do: fit.');
    if (file === undefined || rest.length > 0) throw new UsageError('Name one file.');
    const calibration = numbers('calibration', values.calibration, 2, 3);
    if (calibration && !((calibration[1] ?? 0) > 0))
      throw new UsageError('--calibration wants a gain above 0.');
    const [excitationKeV] = numbers('excitation', values.excitation, 1, 1) ?? [];
    if (excitationKeV !== undefined && !(excitationKeV > 1.5 && excitationKeV < 200))
      throw new UsageError('--excitation is not between 1.5 and 200 keV.');
    const { fitFile } = await import('./xrf/fit.ts');
    const call = {
      file,
      calibration,
      excitationKeV,
      elements: values.elements?.split(',').map((symbol) => symbol.trim()),
      confidence: share(values.confidence),
      all: values.all ?? false,
      picture: values.picture,
    };
    return fitFile(call, io);
  },
};
