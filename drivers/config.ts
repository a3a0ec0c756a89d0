import type { Problem } from '#flows/fault';
import { findings, withDefaults } from '#flows/lint/schema';
import type { DriverEntry } from './driver.ts';
import { faults } from './faults.ts';

export type Checked =
  | { readonly config: Record<string, unknown> }
  | { readonly problems: readonly Problem[] };

/**
 * A driver's config with its defaults filled in, or what is wrong with it. `partial`: required fields may be
 * absent, where only the bytes matter and no device is opened.
 */
export function checkConfig(entry: DriverEntry, given: unknown, partial = false): Checked {
  const config = withDefaults(entry.config, given);
  const wrong = findings(entry.config, config, 'config').filter(
    ({ message }) => !partial || message !== 'is missing',
  );
  if (!partial) {
    for (const { path, message } of entry.check?.(config) ?? [])
      wrong.push({ path: `config.${path}`, message });
  }
  if (wrong.length === 0) return { config };
  return {
    problems: wrong.map(({ path, message }) => faults.problem('config.invalid', { detail: message }, path)),
  };
}
