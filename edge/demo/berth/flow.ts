import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type BerthPorts, libraryFolder } from '../layout.ts';

interface Flow {
  readonly nodes: readonly { readonly id: string; readonly driver?: string; readonly config: object }[];
}

/** The shipped flow of a berth with its sensors at these ports of loopback, and its camera as wide and fast as asked. */
export function berthFlow(
  ports: BerthPorts,
  camera: { readonly fps: number; readonly maxWidth: number; readonly maxHeight: number },
): Flow {
  const flow = parse(readFileSync(join(libraryFolder, 'iron-ore-berth.flow.yaml'), 'utf8')) as Flow;
  const at = new Map(Object.entries(ports));
  const nodes = flow.nodes.map((node) => {
    const port = at.get(node.id);
    if (port === undefined) return node;
    const wire =
      node.driver === 'camera'
        ? { url: `tcp://127.0.0.1:${port}`, ...camera }
        : { connect: `127.0.0.1:${port}` };
    return { ...node, config: { ...node.config, ...wire } };
  });
  return { ...flow, nodes };
}
