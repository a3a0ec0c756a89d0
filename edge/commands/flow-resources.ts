import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '#flows/fault';
import { type FlowDocument, isDriverNode } from '#flows/flow';
import { bundlesOf, lintBundles } from '#flows/lint/bundles';
import { stages } from '#flows/registry';
import type { Resources } from '#flows/stage';
import { newestBundles } from '#models/find';
import { repositoryBundles } from '#models/runner/place';
import { calibrationsOf } from '../calibrations.ts';
import { oreModels } from '../ore.ts';
import { problemOf } from './models/bundles.ts';
import { RecordedFrames } from './recorded-frames.ts';

export interface RunWorld extends AsyncDisposable {
  readonly resources: Resources;
}

/**
 * What a flow may ask for where there is no box: fence sets and pixels from files in `folders` (the flow's own
 * is the last), and the models of `bundles` (absent: the repository's), which are loaded only for a flow that has a use for them.
 */
export async function openResources(
  document: FlowDocument,
  folders: readonly string[],
  bundles: string | undefined,
  say: (problem: Problem) => void,
): Promise<RunWorld> {
  const frames = new RecordedFrames(folders);
  const ore = oreModels(frames);
  const fenceSet = fenceSetsIn(folders.at(-1) ?? '.');
  const wanted = modelsOf(document);
  if (wanted.length === 0) {
    return { resources: { fenceSet, frames, ore }, [Symbol.asyncDispose]: async () => undefined };
  }
  const { ModelShelf } = await import('#models/models');
  const models = new ModelShelf({ frames, onNotice: say });
  for (const { folder, manifest } of await newestBundles(
    bundles ?? fileURLToPath(repositoryBundles()),
    say,
  )) {
    if (wanted.includes(manifest.id)) await models.load(folder).catch((error) => say(problemOf(error)));
  }
  const calibrations = calibrationsOf((id) => models.tables(id));
  return {
    resources: { fenceSet, frames, models, ore, calibrations },
    [Symbol.asyncDispose]: () => models.close(),
  };
}

/** What a flow names and `bundles` (absent: the repository's) has not, or of another kind. */
export async function missingBundles(
  document: FlowDocument,
  bundles: string | undefined,
  say: (problem: Problem) => void,
): Promise<readonly Problem[]> {
  if (bundlesOf(document, stages).length === 0) return [];
  const folder = bundles ?? fileURLToPath(repositoryBundles());
  const there = (await newestBundles(folder, say)).map(({ manifest: { id, format } }) => ({ id, format }));
  return lintBundles(document, stages, there, `in ${bundles ?? 'the bundles of the software'}`);
}

/** Ids of the bundles that a flow's nodes name. */
const modelsOf = (document: FlowDocument): string[] => [
  ...document.nodes.flatMap((node) =>
    !isDriverNode(node) && node.stage === 'infer' && typeof node.config.model === 'string'
      ? [node.config.model]
      : [],
  ),
  ...bundlesOf(document, stages).map(({ id }) => id),
];

/** Fence sets by name are GeoJSON files beside the flow; other documents, such as policies, are JSON files. */
function fenceSetsIn(folder: string): (name: string) => unknown {
  const sets = new Map<string, unknown>();
  return (name) => {
    if (!sets.has(name)) {
      const path = ['geojson', 'json'].map((ending) => join(folder, `${name}.${ending}`)).find(existsSync);
      sets.set(name, path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8')));
    }
    return sets.get(name);
  };
}
