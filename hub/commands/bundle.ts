import { parseArgs } from 'node:util';
import { type Command, type CommandIo, UsageError } from '#firmware-config/command';
import { nativeVerifier } from '#firmware-config/ed25519';
import { describeProblem, type Problem } from '#flows/fault';
import { newestBundles } from '#models/find';
import { createAudit } from '../audit.ts';
import { importBundle } from '../bundles.ts';
import { type HubConfig, readHubConfig } from '../config.ts';
import { openAuthority } from '../pki/authority.ts';
import { places } from '../places.ts';
import { openStore } from '../store/open.ts';

async function take(source: string, config: HubConfig, io: CommandIo): Promise<void> {
  const files = places(config.data);
  const { signer, releaseKey } = await openAuthority(files.keys, ['localhost']);
  const store = await openStore(config, files.database);
  try {
    const { manifest, folder, hash } = await importBundle(source, {
      folder: files.bundles,
      signer,
      verifier: nativeVerifier(releaseKey),
      audit: createAudit(store.audit, Date.now),
      actor: 'command line',
      now: Date.now,
      onProblem: (problem) => tell(io, problem),
    });
    const { id, version } = manifest;
    io.stdout.write(`${JSON.stringify({ id, version, manifest: hash, signed: true, folder })}\n`);
    io.stderr.write(`Boxes check it with the key ${Buffer.from(releaseKey).toString('base64')}.\n`);
  } finally {
    await store.close();
  }
}

const tell = (io: CommandIo, problem: Problem) => void io.stderr.write(`${describeProblem(problem)}\n`);

/** `quaywatch bundle import|list`: the models of a hub; it may run beside the hub. */
export const command: Command = {
  name: 'bundle',
  summary: 'Takes a bundle in at a hub, which proves and signs it, or lists those that the hub has.',
  usage: 'bundle import FOLDER --config FILE | bundle list --config FILE',
  async run(args, io) {
    const options = { config: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const [action, folder] = positionals;
    if (!values.config) throw new UsageError('Which hub? --config FILE.');
    const config = await readHubConfig(values.config);
    if (action === 'list') {
      for (const { manifest, folder: at } of await newestBundles(places(config.data).bundles, (problem) =>
        tell(io, problem),
      ))
        io.stdout.write(`${JSON.stringify({ id: manifest.id, version: manifest.version, folder: at })}\n`);
      return 0;
    }
    if (action !== 'import' || folder === undefined) throw new UsageError('Name what to do, and the bundle.');
    await take(folder, config, io);
    return 0;
  },
};
