import { Value } from 'typebox/value';
import type { Problem } from '#flows/fault';
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
  const config = Value.Default(entry.config, structuredClone(given));
  const problems: Problem[] = [];
  for (const error of Value.Errors(entry.config, config)) {
    if (partial && error.keyword === 'required') continue;
    const at = `config${error.instancePath.replaceAll('/', '.')}`;
    problems.push(faults.problem('config.invalid', { detail: error.message }, at));
  }
  if (problems.length > 0) return { problems };
  const checked = config as Record<string, unknown>;
  if (!partial) {
    for (const { path, message } of entry.check?.(checked) ?? [])
      problems.push(faults.problem('config.invalid', { detail: message }, `config.${path}`));
  }
  return problems.length > 0 ? { problems } : { config: checked };
}
