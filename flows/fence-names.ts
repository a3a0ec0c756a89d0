import type { FlowDocument } from './flow.ts';
import { isDriverNode } from './flow.ts';
import type { StageRegistry } from './stage.ts';

/** Marks a field of a config that may be the name of a fence set; written into its schema. */
export const namesSet = { namesSet: true } as const;

/** Names of the fence sets that a flow asks for, each with where it is named, in order. */
export function setsNamed(document: FlowDocument, stages: StageRegistry): { name: string; path: string }[] {
  return document.nodes.flatMap((node, place) => {
    if (isDriverNode(node)) return [];
    const fields = stages.find(({ type }) => type === node.stage)?.config.properties ?? {};
    return Object.entries(fields).flatMap(([field, schema]) => {
      const value = node.config[field];
      const isName = 'namesSet' in schema && typeof value === 'string';
      return isName ? [{ name: value, path: `nodes[${place}].config.${field}` }] : [];
    });
  });
}
