import { faults } from './faults.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One step from a version of a config to the next. */
export interface Migration {
  /** Version that it starts from; it leads to the next. */
  readonly from: number;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** The config in the next version; what it does not know it leaves as it is. */
  change(config: Fields): Fields;
}

/** Every step that there has been, in order. */
export const boxMigrations: readonly Migration[] = [
  {
    from: 1,
    summary: 'The config says its version and the machine that the box runs on.',
    change: (config) => config,
  },
];

export interface Migrated {
  /** In the newest version. Not checked yet: what it does not know is named by the check of the schema. */
  readonly config: Fields;
  /** Version that it had. */
  readonly from: number;
  /** What was done, oldest first; empty: it was current. */
  readonly done: readonly string[];
}

/**
 * Brings a config forward. A config without a version is of version 1. Throws `config.form` for what is no
 * config at all and `config.newer` for one of a later software.
 */
export function migrate(value: unknown, migrations: readonly Migration[] = boxMigrations): Migrated {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw faults.fault('config.form');
  const newest = Math.max(1, ...migrations.map(({ from }) => from + 1));
  let config = value as Fields;
  const from = config.version ?? 1;
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 1) throw faults.fault('config.form');
  if (from > newest) throw faults.fault('config.newer', { version: from, newest });
  const done: string[] = [];
  for (let version = from; version < newest; version++) {
    const step = migrations.find((migration) => migration.from === version);
    if (!step) throw new TypeError(`there is no step from version ${version} of the config`);
    config = { ...step.change(config), version: version + 1 };
    done.push(step.summary);
  }
  return { config, from, done };
}
