import { copyFileSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { type Command, UsageError } from '#firmware-config/command';
import { replaceFile } from '#firmware-config/files';
import { migrate } from '#firmware-config/migrate';
import { loadConfig } from '../config.ts';
import { parseCall } from './parse-call.ts';

/** `quaywatch config`: whether the config of a box is right, and the same in the newest version. */
export const command: Command = {
  name: 'config',
  summary: 'Checks the config of a box, or brings one of an earlier version forward.',
  usage: 'config check FILE | config migrate FILE [--write]',
  async run(args, io) {
    const { values, positionals } = parseCall(() =>
      parseArgs({ args, options: { write: { type: 'boolean' } }, allowPositionals: true }),
    );
    const [verb, file] = positionals;
    if (file === undefined || (verb !== 'check' && verb !== 'migrate')) {
      throw new UsageError('Say what, and with which file: check FILE or migrate FILE.');
    }
    // Every field that is wrong or not known is named by its path.
    loadConfig(file);
    const { config, from, done } = migrate(parse(readFileSync(file, 'utf8')));
    const now = `version ${config.version}`;
    if (verb === 'check' || done.length === 0) {
      io.stderr.write(
        done.length === 0
          ? `Right, ${now}.\n`
          : `Right, of version ${from}; ${now} is current: config migrate.\n`,
      );
      return 0;
    }
    const { version, ...rest } = config;
    const ordered = { version, ...rest };
    const text = file.endsWith('.json') ? `${JSON.stringify(ordered, null, 2)}\n` : stringify(ordered);
    for (const summary of done) io.stderr.write(`${summary}\n`);
    if (!values.write) {
      io.stdout.write(text);
      return 0;
    }
    const kept = `${file}.v${from}`;
    copyFileSync(file, kept);
    replaceFile(file, text);
    io.stderr.write(`${file} has ${now}; what it was is in ${kept}.\n`);
    return 0;
  },
};
