import { describeProblem } from '#flows/fault';
import type { LoadedBundle } from '#models/bundle/load';
import { faults } from '#models/faults';
import type { CommandIo } from '../command.ts';

/** A laboratory's bundles are not signed until a hub has taken them in. */
export function tellUnsigned({ signed, manifest, folder }: LoadedBundle, io: CommandIo): void {
  if (signed) return;
  const { id, version } = manifest;
  io.stderr.write(`${describeProblem(faults.problem('bundle.unsigned', { id, version }, folder))}\n`);
}
