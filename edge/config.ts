import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { parse } from 'yaml';
import { BoxConfig } from '#firmware-config/box';
import { migrate } from '#firmware-config/migrate';
import { findings, withDefaults } from '#flows/lint/schema';
import { parseAddress } from './address.ts';
import { faults } from './faults.ts';
import { detailOf } from './files.ts';

/**
 * Reads the config of a box (YAML or JSON) of this version or an earlier one; paths in it are relative to the file. Throws
 * `config.unreadable`, `config.newer` or `config.invalid` with every field that is wrong.
 */
export function loadConfig(file: string): BoxConfig {
  let value: unknown;
  try {
    value = parse(readFileSync(file, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw faults.fault('config.unreadable', { detail: detailOf(error) }, file, error);
  }
  const config = withDefaults(BoxConfig, migrate(value).config);
  const wrong = findings(BoxConfig, config, '').map(
    ({ path, message }) => `${path || 'the config'} ${message}`,
  );
  if (wrong.length > 0) throw faults.fault('config.invalid', { detail: wrong.join('; ') }, file);
  return withPaths(config as BoxConfig, dirname(resolve(file)), file);
}

function withPaths(config: BoxConfig, folder: string, file: string): BoxConfig {
  const at = (path: string) => (isAbsolute(path) ? path : resolve(folder, path));
  for (const [field, address] of [
    ['http', config.http],
    ['broker.listen', config.broker?.listen],
  ] as const) {
    if (address !== undefined && !parseAddress(address)) {
      throw faults.fault('config.invalid', { detail: `${field} must be host:port` }, file);
    }
  }
  const { enrolment, secrets } = config;
  return {
    ...config,
    data: at(config.data),
    flows: config.flows.map(at),
    models: { ...config.models, folders: (config.models.folders ?? []).map(at) },
    fenceSets: Object.fromEntries(Object.entries(config.fenceSets).map(([name, path]) => [name, at(path)])),
    ...(enrolment === undefined ? {} : { enrolment: at(enrolment) }),
    ...(secrets === undefined ? {} : { secrets: at(secrets) }),
  };
}
