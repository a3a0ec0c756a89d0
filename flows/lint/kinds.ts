import { type FlowDocument, isDriverNode } from '../flow.ts';
import { type Kind, kinds } from '../message.ts';
import type { Stage } from '../stage.ts';
import { type Edge, type Graph, topologicalOrder } from './graph.ts';

/** Which kinds may travel along each edge; a driver of which nothing is known may send any. */
export type KindsOfEdge = (edge: Edge) => ReadonlySet<Kind>;

export interface NodeFacts {
  readonly stage?: Stage | undefined;
  readonly driver?: { readonly emits: readonly Kind[] } | undefined;
}

/** Follows kinds from sources through the stages; `same` is resolved. The graph has no cycle. */
export function resolveKinds(document: FlowDocument, graph: Graph, facts: readonly NodeFacts[]): KindsOfEdge {
  const incoming: Set<Kind>[] = document.nodes.map(() => new Set());
  const sends = (edge: Edge): ReadonlySet<Kind> => {
    const node = document.nodes[edge.from];
    const { stage, driver } = facts[edge.from] ?? {};
    if (node === undefined || isDriverNode(node)) return new Set(driver?.emits ?? kinds);
    if (stage === undefined) return new Set(kinds);
    const came = accepted(stage, incoming[edge.from] ?? new Set());
    if (edge.fromPort === 'error') return came;
    const made = stage.emits === 'same' ? came : new Set(stage.emits);
    // A port of its own may carry what came in (late, dropped, routed) or what the stage makes.
    return edge.fromPort === 'out' ? made : new Set([...made, ...came]);
  };
  for (const node of topologicalOrder(graph)) {
    for (const edge of graph.leaving[node] ?? []) {
      for (const kind of sends(edge)) incoming[edge.to]?.add(kind);
    }
  }
  return sends;
}

function accepted(stage: Stage, incoming: ReadonlySet<Kind>): Set<Kind> {
  const { accepts } = stage;
  return new Set([...incoming].filter((kind) => accepts === 'any' || accepts.includes(kind)));
}
