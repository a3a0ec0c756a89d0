import { endpoint, type FlowDocument, isDriverNode } from '../flow.ts';

/** A wire whose ends are nodes of the document. */
export interface Edge {
  /** Place in `wires`. */
  readonly wire: number;
  readonly from: number;
  readonly fromPort: string;
  readonly to: number;
  readonly toPort: string;
}

/** The document as numbers: places of nodes, and the wires between them. */
export interface Graph {
  readonly edges: readonly Edge[];
  /** Edges by the node that they leave, in order of the wires. */
  readonly leaving: readonly (readonly Edge[])[];
  readonly entering: readonly (readonly Edge[])[];
  readonly places: ReadonlyMap<string, number>;
}

/** Wires with an unknown node are left out; the first node of an id counts. */
export function graphOf(document: FlowDocument): Graph {
  const places = new Map<string, number>();
  document.nodes.forEach(({ id }, place) => {
    if (!places.has(id)) places.set(id, place);
  });
  const edges: Edge[] = [];
  const leaving: Edge[][] = document.nodes.map(() => []);
  const entering: Edge[][] = document.nodes.map(() => []);
  document.wires.forEach((wire, index) => {
    const source = endpoint(wire.from, 'out');
    const target = endpoint(wire.to, 'in');
    const from = places.get(source.node);
    const to = places.get(target.node);
    if (from === undefined || to === undefined) return;

    const edge: Edge = { wire: index, from, fromPort: source.port, to, toPort: target.port };
    edges.push(edge);
    leaving[from]?.push(edge);
    entering[to]?.push(edge);
  });
  return { edges, leaving, entering, places };
}

/** A cycle as places of nodes, its first again at the end; undefined when there is none. */
export function findCycle(graph: Graph): number[] | undefined {
  const state: (undefined | 'open' | 'closed')[] = [];
  for (let root = 0; root < graph.leaving.length; root++) {
    if (state[root] !== undefined) continue;
    const path: { node: number; next: number }[] = [{ node: root, next: 0 }];
    state[root] = 'open';
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = graph.leaving[top.node]?.[top.next++];
      if (edge === undefined) {
        state[top.node] = 'closed';
        path.pop();
      } else if (state[edge.to] === 'open') {
        const nodes = path.map(({ node }) => node);
        return [...nodes.slice(nodes.indexOf(edge.to)), edge.to];
      } else if (state[edge.to] === undefined) {
        state[edge.to] = 'open';
        path.push({ node: edge.to, next: 0 });
      }
    }
  }
  return undefined;
}

/** Nodes so that every wire leads onwards; among equals in order of the document. Only without a cycle. */
export function topologicalOrder(graph: Graph): number[] {
  const missing = graph.entering.map((edges) => edges.length);
  const order: number[] = [];
  const ready = missing.flatMap((count, node) => (count === 0 ? [node] : []));
  for (let node = ready.shift(); node !== undefined; node = ready.shift()) {
    order.push(node);
    for (const edge of graph.leaving[node] ?? []) {
      const left = (missing[edge.to] ?? 0) - 1;
      missing[edge.to] = left;
      if (left === 0) ready.push(edge.to);
    }
  }
  return order;
}

/** Nodes from which `node` can be reached, itself not among them. */
export function upstreamOf(graph: Graph, node: number): Set<number> {
  return walk(node, (at) => (graph.entering[at] ?? []).map((edge) => edge.from));
}

/** Nodes that can be reached from any driver node, drivers included. */
export function reachedFromDrivers(document: FlowDocument, graph: Graph): Set<number> {
  const reached = new Set<number>();
  document.nodes.forEach((node, place) => {
    if (!isDriverNode(node)) return;
    reached.add(place);
    for (const at of walk(place, (from) => (graph.leaving[from] ?? []).map((edge) => edge.to)))
      reached.add(at);
  });
  return reached;
}

function walk(start: number, next: (node: number) => number[]): Set<number> {
  const seen = new Set<number>();
  const open = next(start);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...next(node));
  }
  return seen;
}
