import { parseArgs } from 'node:util';
import { type Command, UsageError } from '#firmware-config/command';
import { readHubConfig } from '../config.ts';
import { places } from '../places.ts';
import { verifyChain } from '../store/audit-chain.ts';
import { openStore } from '../store/open.ts';

/** `quaywatch audit verify`: the chain, whole, or where it breaks. It may run beside the hub. */
export const command: Command = {
  name: 'audit',
  summary: 'Verifies the audit log: whole, or where it breaks.',
  usage: 'audit verify --config FILE',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { config: { type: 'string' } },
      allowPositionals: true,
    });
    if (positionals.join(' ') !== 'verify' || !values.config)
      throw new UsageError('Call it as: audit verify --config FILE.');
    const config = await readHubConfig(values.config);
    const store = await openStore(config, places(config.data).database);
    try {
      const { entries, broken } = await verifyChain(store.audit);
      io.stdout.write(`${JSON.stringify({ entries, whole: !broken, ...(broken && { broken }) })}\n`);
      return broken ? 1 : 0;
    } finally {
      await store.close();
    }
  },
};
