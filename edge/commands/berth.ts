import { parseArgs } from 'node:util';
import { wanted } from './calibrate/files.ts';
import { type Command, UsageError } from './command.ts';
import { parseCall } from './parse-call.ts';

const options = {
  berth: { type: 'string', default: '1' },
  brand: { type: 'string', default: 'PB fines' },
  bundle: { type: 'string' },
  each: { type: 'string', default: '4' },
  out: { type: 'string' },
  lots: { type: 'string' },
  ships: { type: 'string', default: '14' },
  'lot-t': { type: 'string', default: '3000' },
  kills: { type: 'string', default: '3' },
  seed: { type: 'string', default: '1' },
  windows: { type: 'string', default: '8' },
  'false-alarm': { type: 'string', default: '0.001' },
  'bad-share': { type: 'string', default: '0.5' },
  all: { type: 'boolean' },
  pictures: { type: 'string' },
  json: { type: 'boolean' },
} as const;

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new UsageError(`--${name} ${text} is no whole number from ${least} on.`);
  return value;
}

function share(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!(text.trim() !== '' && value >= 0 && value <= most))
    throw new UsageError(`--${name} ${text} is not between 0 and ${most}.`);
  return value;
}

/** `quaywatch berth calibration|fleet|pictures|radiation|samples|weeks`: what the ore models reach on simulated ore. */
export const command: Command = {
  name: 'berth',
  summary:
    'What the models of the iron-ore berth reach on simulated ore: figures with intervals, beside what is asked of them. `fleet`: lots of 5,000 t, by spectra or by all sensors; `pictures`: pictures of the belt; `radiation`: sources in the load; `samples`: spectra and values of a simulated mine, for `calibrate`; `calibration`: what such a calibration reaches; `weeks`: ship after ship through the shipped flow, with incidents and kills.',
  usage:
    'berth fleet [--lots 1000] [--seed N] [--windows LOTS_A_BRAND] [--false-alarm 0.001] [--bad-share 0.5] [--all [--pictures A_LOT]] [--json] | berth pictures [--pictures EACH] [--seed N] [--json] | berth radiation [--lots 100] [--seed N] [--json] | berth samples --out DIR [--brand NAME] [--lots 60] [--each 4] [--berth N] [--seed N] | berth calibration --bundle B [--brand NAME] [--lots 100] [--berth N] [--seed N] [--json] | berth weeks [--ships 14] [--lot-t 3000] [--seed N] [--kills A_SHIP] [--pictures A_BRAND] [--json]',
  async run(args, io) {
    const { values, positionals } = parseCall(() => parseArgs({ args, allowPositionals: true, options }));
    const [what = '', ...rest] = positionals;
    if (rest.length > 0) throw new UsageError(`\`berth ${what}\` takes no ${rest[0]}.`);
    const common = { seed: whole('seed', values.seed, 0), json: values.json === true };
    if (what === 'pictures') {
      const { pictures } = await import('./berth/pictures.ts');
      return pictures({ ...common, pictures: whole('pictures', values.pictures ?? '60', 1) }, io);
    }
    if (what === 'radiation') {
      const { radiation } = await import('./berth/radiation.ts');
      return radiation({ ...common, lots: whole('lots', values.lots ?? '100', 1) }, io);
    }
    const sampled = { ...common, brand: values.brand, berth: whole('berth', values.berth, 0) };
    if (what === 'samples') {
      const { samples } = await import('./berth/samples.ts');
      const [lots, each] = [whole('lots', values.lots ?? '60', 1), whole('each', values.each, 1)];
      return samples({ ...sampled, lots, each, out: wanted('out', values.out) }, io);
    }
    if (what === 'calibration') {
      const { calibration } = await import('./berth/calibration.ts');
      const lots = whole('lots', values.lots ?? '100', 1);
      return calibration({ ...sampled, lots, bundle: wanted('bundle', values.bundle) }, io);
    }
    if (what === 'weeks') {
      const { weeks } = await import('./berth/weeks.ts');
      const lotT = whole('lot-t', values['lot-t'], 200);
      if (lotT % 20 !== 0) throw new UsageError(`--lot-t ${lotT} is no multiple of 20.`);
      const [ships, kills] = [whole('ships', values.ships, 1), whole('kills', values.kills, 0)];
      const pictures = whole('pictures', values.pictures ?? '60', 1);
      return weeks({ ...common, ships, lotT, kills, pictures }, io);
    }
    if (what !== 'fleet')
      throw new UsageError(
        what
          ? `There is no \`berth ${what}\`.`
          : 'Say what to do: calibration, fleet, pictures, radiation, samples or weeks.',
      );
    const lotFalseAlarm = share('false-alarm', values['false-alarm'], 0.5);
    if (lotFalseAlarm === 0) throw new UsageError('--false-alarm 0 would never alarm.');
    const { fleet } = await import('./berth/fleet.ts');
    return fleet(
      {
        ...common,
        lots: whole('lots', values.lots ?? '1000', 0),
        windows: whole('windows', values.windows, 0),
        lotFalseAlarm,
        badShare: share('bad-share', values['bad-share'], 1),
        pictures: values.all ? whole('pictures', values.pictures ?? '20', 1) : undefined,
      },
      io,
    );
  },
};
