import { loadBundle } from '#models/bundle/load';
import { newestBundles } from '#models/find';
import { proveBundle } from '#models/models';
import type { Provider } from '#models/runner/protocol';
import { type CommandIo, UsageError, write } from '../command.ts';
import { type Place, problemOf, tell } from './bundles.ts';

/** What there is; nothing is run. */
export async function list({ folder }: Place, asJson: boolean, io: CommandIo): Promise<number> {
  let wrong = 0;
  const bundles = await newestBundles(folder, (problem) => {
    wrong += 1;
    tell(io, problem);
  });
  for (const { manifest, folder: at } of bundles) {
    const { id, version, task, format, title, validation, summary } = manifest;
    const entry = { id, version, task, format, title, validation, summary, folder: at };
    const line = `${id.padEnd(24)} ${version.padEnd(9)} ${task.padEnd(20)} ${validation.padEnd(11)} ${summary}`;
    await write(io.stdout, `${asJson ? JSON.stringify(entry) : line}\n`);
  }
  if (bundles.length === 0) io.stderr.write(`There are no bundles in ${folder}.\n`);
  return wrong > 0 ? 1 : 0;
}

/** Hashes, signature and golden outputs of one bundle, or of all. */
export async function verify(
  id: string | undefined,
  { folder, load }: Place,
  providers: readonly Provider[],
  io: CommandIo,
): Promise<number> {
  let wrong = 0;
  const complain = (error: unknown) => {
    wrong += 1;
    tell(io, problemOf(error));
  };
  const found = await newestBundles(folder, (problem) => {
    wrong += id === undefined ? 1 : 0;
    tell(io, problem);
  });
  const wanted = found.filter(({ manifest }) => id === undefined || manifest.id === id);
  if (id !== undefined && wanted.length === 0) throw new UsageError(`There is no model ${id} in ${folder}.`);
  for (const { folder: at } of wanted) {
    try {
      const bundle = await loadBundle(at, load);
      const { provider, skipped } = await proveBundle(bundle, { providers });
      for (const problem of skipped) tell(io, problem);
      const { manifest, golden, signed } = bundle;
      const files = Object.keys(manifest.files).length;
      const proof = `${files} hashes and ${golden.cases.length} golden outputs on ${provider} are right`;
      await write(
        io.stdout,
        `${manifest.id} ${manifest.version}: ${proof}; ${signed ? 'signed' : 'not signed'}\n`,
      );
    } catch (error) {
      complain(error);
    }
    if (io.signal.aborted) return 1;
  }
  return wrong > 0 ? 1 : 0;
}
