import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';
import { parseCall } from './parse-call.ts';

const options = {
  lots: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '1' },
  windows: { type: 'string', default: '8' },
  'false-alarm': { type: 'string', default: '0.001' },
  json: { type: 'boolean' },
} as const;

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`--${name} ${text} is no whole number from ${least} on.`);
  return value;
}

/** `quaywatch berth fleet`: what the ore models reach on a fleet of simulated lots. */
export const command: Command = {
  name: 'berth',
  summary:
    'What the models of the iron-ore berth reach on simulated lots of 5,000 t, every second of them bad: figures with intervals, beside what is asked of them.',
  usage: 'berth fleet [--lots 1000] [--seed N] [--windows LOTS_A_BRAND] [--false-alarm 0.001] [--json]',
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, allowPositionals: true, options }));
    const [what, ...rest] = positionals;
    if (what !== 'fleet')
      throw new UsageError(what ? `There is no \`berth ${what}\`.` : 'Say what to do: fleet.');
    if (rest.length > 0) throw new UsageError(`\`berth fleet\` takes no ${rest[0]}.`);
    const lotFalseAlarm = Number(values['false-alarm']);
    if (!(lotFalseAlarm > 0 && lotFalseAlarm < 0.5))
      throw new UsageError(`--false-alarm ${values['false-alarm']} is not between 0 and 0.5.`);
    const { fleet } = await import('./berth/fleet.ts');
    return fleet(
      {
        lots: whole('lots', values.lots, 0),
        seed: whole('seed', values.seed, 0),
        windows: whole('windows', values.windows, 0),
        lotFalseAlarm,
        json: values.json === true,
      },
      io,
    );
  },
};
