import { checkConfig } from '#drivers/config';
import type { Codec, Driver } from '#drivers/driver';
import { driverEntry, drivers } from '#drivers/registry';
import { describeProblem } from '#flows/fault';
import type { ScanStore } from '#flows/scan';
import { UsageError } from './command.ts';

export interface ChosenDriver {
  readonly driver: Driver;
  readonly config: Record<string, unknown>;
}

/** Of `--config`. Throws UsageError. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--config is no JSON: ${(error as Error).message}.`);
  }
}

/**
 * The driver that a command line names and its config with defaults. `partial`: no device is opened, so what
 * says where it is may be absent. Throws UsageError.
 */
export async function chooseDriver(
  type: string | undefined,
  options: { config?: string | undefined; device?: string | undefined },
  partial = false,
): Promise<ChosenDriver> {
  const entry = type === undefined ? undefined : driverEntry(type);
  if (!entry) {
    const names = drivers.map((driver) => driver.type).join(', ');
    throw new UsageError(
      type === undefined ? `Name a driver: ${names}.` : `There is no driver ${type}: ${names}.`,
    );
  }
  const given = options.config === undefined ? {} : parseJson(options.config);
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new UsageError('--config is no JSON object.');
  const device = options.device === undefined ? {} : { device: options.device };
  const checked = checkConfig(entry, { ...given, ...device }, partial);
  if ('problems' in checked) throw new UsageError(checked.problems.map(describeProblem).join('\n'));
  return { driver: await entry.load(), config: checked.config };
}

/** The driver's codec, its scans put into `scans`. Throws UsageError for a driver that has no bytes of its own. */
export function codecOf({ driver, config }: ChosenDriver, scans?: ScanStore): Codec {
  if (!driver.codec) throw new UsageError(`The driver ${driver.type} has no bytes of its own.`);
  return driver.codec(config, scans);
}
