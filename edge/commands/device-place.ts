import type { SimulatorPlace } from '#drivers/simulator-place';
import { type SimulatorEntry, simulators } from '#drivers/simulators';
import { findings, withDefaults } from '#flows/lint/schema';
import { UsageError } from './command.ts';
import { parseJson } from './driver-args.ts';

/** Options of a command that speaks as a device. */
export const placeOptions = {
  pty: { type: 'string' },
  listen: { type: 'string' },
  connect: { type: 'string' },
  udp: { type: 'string' },
  folder: { type: 'string' },
  url: { type: 'string' },
} as const;

export const placeUsage =
  '(--pty PATH|--listen HOST:PORT|--connect HOST:PORT|--udp HOST:PORT|--folder PATH|--url mqtt://HOST:PORT)';

/** The simulator of a driver and where it speaks. Throws UsageError. */
export function choosePlace(
  type: string | undefined,
  values: Partial<Record<keyof typeof placeOptions, string | undefined>>,
): { readonly entry: SimulatorEntry; readonly place: SimulatorPlace } {
  const entry = simulators.find((candidate) => candidate.type === type);
  if (!entry) {
    const names = simulators.map((candidate) => candidate.type).join(', ');
    throw new UsageError(
      `${type === undefined ? 'Name a driver' : `There is no simulator of ${type}`}: ${names}.`,
    );
  }
  const given = (['pty', 'listen', 'connect', 'udp', 'folder', 'url'] as const).filter(
    (name) => values[name] !== undefined,
  );
  const [name] = given;
  if (name === undefined || given.length > 1 || !entry.places.includes(name))
    throw new UsageError(`Say where ${entry.type} speaks: one of --${entry.places.join(', --')}.`);
  return { entry, place: { [name]: values[name] } };
}

/** What `--config` tells a simulator to be. Throws UsageError. */
export function toldConfig(entry: SimulatorEntry, text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  const { options, type } = entry;
  if (!options) throw new UsageError(`${type} takes no --config.`);
  const given = parseJson(text);
  const wrong = findings(options, withDefaults(options, given), 'config');
  if (wrong.length > 0)
    throw new UsageError(wrong.map(({ path, message }) => `${path} ${message}.`).join('\n'));
  return given as Record<string, unknown>;
}

/** What of the config that a device was recorded with its simulator understands. */
export const simulatorConfig = (
  { options }: SimulatorEntry,
  recorded: Readonly<Record<string, unknown>>,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(recorded).filter(([name]) => options && name in options.properties));
