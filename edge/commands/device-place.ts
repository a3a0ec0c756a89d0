import type { SimulatorPlace } from '#drivers/simulator-place';
import { type SimulatorEntry, simulators } from '#drivers/simulators';
import { UsageError } from './command.ts';

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
