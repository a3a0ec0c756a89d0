import { parseArgs } from 'node:util';
import { type Command, UsageError } from '#firmware-config/command';

/** `quaywatch edge --config FILE`: one box, until it is stopped. */
export const command: Command = {
  name: 'edge',
  summary: 'Runs one box.',
  usage: 'edge --config FILE',
  async run(args, io) {
    const { values } = parseArgs({ args, options: { config: { type: 'string' } } });
    if (!values.config) throw new UsageError('A box needs its config: --config FILE.');
    const { runBox } = await import('../main.ts');
    await runBox(values.config, {
      signal: io.signal,
      onReady: (line) => io.stderr.write(`${line}\n`),
    });
    return 0;
  },
};
