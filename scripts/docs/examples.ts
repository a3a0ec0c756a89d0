import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

export interface Example {
  readonly flow: string;
  readonly yaml: string;
}

/**
 * A node of each type as the flows that we ship use it (they are tested, so the example is right).
 * @param folder flows/library
 */
export function examplesIn(folder: string): Map<string, Example> {
  const examples = new Map<string, Example>();
  const files = readdirSync(folder).filter((name) => name.endsWith('.flow.yaml'));
  for (const file of files.sort()) {
    const document: unknown = parse(readFileSync(join(folder, file), 'utf8'));
    for (const node of nodesOf(document)) {
      const type = node.stage ?? node.driver;
      if (typeof type !== 'string' || examples.has(type)) continue;
      examples.set(type, { flow: file, yaml: stringify([node], { lineWidth: 100 }).trimEnd() });
    }
  }
  return examples;
}

function nodesOf(document: unknown): Record<string, unknown>[] {
  if (typeof document !== 'object' || document === null || !('nodes' in document)) return [];
  const { nodes } = document;
  return Array.isArray(nodes) ? nodes.filter((node) => typeof node === 'object' && node !== null) : [];
}
