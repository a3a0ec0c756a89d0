import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeProblem } from '#flows/fault';
import { setsNamed } from '#flows/fence-names';
import type { FlowDocument } from '#flows/flow';
import { parseFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import { faults } from '../faults.ts';
import type { HubReleases } from './releases.ts';

/** Reads a flow and the fence sets that it names, GeoJSON files beside it. Throws `hub.flow`. */
async function readFlowFile(file: string) {
  const wrong = (detail: string) => faults.fault('hub.flow', { detail }, file);
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw wrong(error.message);
  });
  const parsed = parseFlow(text);
  if ('problems' in parsed) throw wrong(parsed.problems.map(describeProblem).join(' '));
  const fenceSets: Record<string, unknown> = {};
  for (const { name } of setsNamed(parsed.document, stages)) {
    // One that does not lie there is a set of the hub.
    const set = await readFile(join(dirname(file), `${name}.geojson`), 'utf8').catch(() => undefined);
    if (set === undefined) continue;
    try {
      fenceSets[name] = JSON.parse(set) as unknown;
    } catch (error) {
      throw wrong(`${name}.geojson: ${(error as Error).message}`);
    }
  }
  return { document: parsed.document, fenceSets };
}

/**
 * Puts the flows that the config names into force: each that does not run, or runs in an earlier version. What else
 * runs stays. Throws `hub.flow`, `release.problems`, `release.loss`.
 */
export async function releaseConfigured(releases: HubReleases, files: readonly string[]): Promise<void> {
  const read = await Promise.all(files.map(readFlowFile));
  const { flows, fenceSets } = await releases.wanted();
  const next = new Map(flows.map((document) => [document.id, document]));
  const isNewer = ({ id, version }: FlowDocument) => version > (next.get(id)?.version ?? 0);
  const newer = read.filter(({ document }) => isNewer(document));
  if (newer.length === 0) return;
  for (const { document } of newer) next.set(document.id, document);
  const sets = Object.assign({}, fenceSets, ...newer.map((one) => one.fenceSets)) as Record<string, unknown>;
  await releases.release({ flows: [...next.values()], fenceSets: sets }, 'hub');
}
