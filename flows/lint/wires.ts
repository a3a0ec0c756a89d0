import type { Problem } from '../fault.ts';
import { faults } from '../faults.ts';
import { endpoint, type FlowDocument, isDriverNode } from '../flow.ts';
import type { Kind } from '../message.ts';
import type { Edge, Graph } from './graph.ts';
import { upstreamOf } from './graph.ts';
import type { KindsOfEdge } from './kinds.ts';
import { hint } from './nearest.ts';
import type { NodeReading } from './nodes.ts';

/** Wires whose ends do not exist. */
export function lintWires(document: FlowDocument, facts: readonly NodeReading[]): Problem[] {
  const ids = document.nodes.map(({ id }) => id);
  return document.wires.flatMap((wire, place) => {
    const problems: Problem[] = [];
    for (const end of ['from', 'to'] as const) {
      const at = `wires[${place}].${end}`;
      const { node: id, port } = endpoint(wire[end], end === 'from' ? 'out' : 'in');
      const index = ids.indexOf(id);
      const node = document.nodes[index];
      if (node === undefined)
        problems.push(faults.problem('flow.unknownNode', { id, hint: hint(id, ids) }, at));
      else if (end === 'to' && isDriverNode(node))
        problems.push(faults.problem('flow.wireIntoDriver', { id }, at));
      else problems.push(...lintPort(id, port, end, portsOf(document, facts, index, end), at));
    }
    return problems;
  });
}

/** Ports of a node; undefined where its type or config is unknown, which is reported elsewhere. */
function portsOf(
  document: FlowDocument,
  facts: readonly NodeReading[],
  index: number,
  end: 'from' | 'to',
): readonly string[] | undefined {
  const node = document.nodes[index];
  if (node === undefined || isDriverNode(node)) return ['out'];
  const { stage, config } = facts[index] ?? {};
  if (stage === undefined) return undefined;
  if (end === 'to') return stage.inputs ?? ['in'];
  if (stage.outputs === undefined) return ['out', 'error'];
  return config === undefined ? undefined : ['out', 'error', ...stage.outputs(config)];
}

function lintPort(
  id: string,
  port: string,
  end: 'from' | 'to',
  ports: readonly string[] | undefined,
  at: string,
): Problem[] {
  if (ports === undefined || ports.includes(port)) return [];
  const direction = end === 'from' ? 'output' : 'input';
  const fields = { id, direction, port, ports: ports.join(', '), hint: hint(port, ports) };
  return [faults.problem('flow.unknownPort', fields, at)];
}

/** Wires along which nothing that is sent is accepted. */
export function lintKinds(
  document: FlowDocument,
  graph: Graph,
  facts: readonly NodeReading[],
  kindsOf: KindsOfEdge,
): Problem[] {
  return graph.edges.flatMap((edge) => {
    const accepts = facts[edge.to]?.stage?.accepts;
    const sends = [...kindsOf(edge)];
    if (accepts === undefined || accepts === 'any' || sends.length === 0) return [];
    if (sends.some((kind) => accepts.includes(kind))) return [];
    const { from, to } = wireOf(document, edge);
    const fields = { from, to, sends: list(sends), accepts: list(accepts) };
    return [faults.problem('flow.wrongKind', fields, `wires[${edge.wire}]`)];
  });
}

const list = (kinds: readonly Kind[]): string => [...kinds].sort().join(', ');

const wireOf = (document: FlowDocument, edge: Edge) => document.wires[edge.wire] ?? { from: '?', to: '?' };

/** Wires that would hold up a source that cannot be held up. */
export function lintBlocking(document: FlowDocument, graph: Graph, facts: readonly NodeReading[]): Problem[] {
  return graph.edges.flatMap((edge) => {
    if (!facts[edge.to]?.stage?.asynchronous) return [];
    if (document.wires[edge.wire]?.buffer.overflow !== 'block') return [];
    const sources = [edge.from, ...upstreamOf(graph, edge.from)].sort((a, b) => a - b);
    const hasty = sources.find((place) => facts[place]?.driver?.pausable === false);
    if (hasty === undefined) return [];
    const fields = { source: document.nodes[hasty]?.id ?? '?', type: facts[hasty]?.driver?.type ?? '?' };
    return [faults.problem('flow.blockUnpausable', fields, `wires[${edge.wire}].buffer.overflow`)];
  });
}
