import type { Problem } from '../fault.ts';
import { faults } from '../faults.ts';
import { type FlowDocument, isDriverNode } from '../flow.ts';
import type { StageRegistry, WantedBundle } from '../stage.ts';
import { hint } from './nearest.ts';
import { findings, joinPath, withDefaults } from './schema.ts';

/** Bundles that the nodes of a flow name and cannot do without, with the whole path of each; of a config that is wrong, none. */
export function bundlesOf({ nodes }: FlowDocument, stages: StageRegistry): WantedBundle[] {
  return nodes.flatMap((node, place) => {
    if (isDriverNode(node)) return [];
    const stage = stages.find(({ type }) => type === node.stage);
    if (stage?.bundles === undefined) return [];
    const config = withDefaults(stage.config, node.config);
    const at = `nodes[${place}].config`;
    if (findings(stage.config, config, at).length > 0) return [];
    return stage.bundles(config).map((wanted) => ({ ...wanted, path: joinPath(at, wanted.path) }));
  });
}

/** What is known of a bundle that is there. */
export interface KnownBundle {
  readonly id: string;
  /** Undefined where that is not known. */
  readonly format?: string | undefined;
}

/** Bundles that a flow names and that are not among those that are there, or are of another kind; `where` names those in words. */
export function lintBundles(
  document: FlowDocument,
  stages: StageRegistry,
  there: readonly KnownBundle[],
  where: string,
): Problem[] {
  return bundlesOf(document, stages).flatMap(({ id, format, path }) => {
    const found = there.find((one) => one.id === id);
    if (found === undefined) {
      const names = there.filter((one) => one.format === format).map((one) => one.id);
      return [faults.problem('flow.bundleMissing', { id, where, hint: hint(id, names) }, path)];
    }
    if (found.format === undefined || found.format === format) return [];
    return [faults.problem('flow.bundleFormat', { id, format: found.format, wanted: format }, path)];
  });
}
