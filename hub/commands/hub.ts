import { parseArgs } from 'node:util';
import { type Command, UsageError } from '#firmware-config/command';

/** `quaywatch hub --config FILE`: one hub, until it is stopped. */
export const command: Command = {
  name: 'hub',
  summary: 'Runs the hub.',
  usage: 'hub --config FILE',
  async run(args, io) {
    const { values } = parseArgs({ args, options: { config: { type: 'string' } } });
    if (!values.config) throw new UsageError('A hub needs its config: --config FILE.');
    const { runHub } = await import('../main.ts');
    await runHub(values.config, {
      signal: io.signal,
      onReady: (line) => io.stderr.write(`${line}\n`),
    });
    return 0;
  },
};
