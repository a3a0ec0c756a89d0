import { faults } from '../faults.ts';
import { type FlowDocument, isDriverNode } from '../flow.ts';
import { type Graph, graphOf, topologicalOrder, upstreamOf } from '../lint/graph.ts';
import { resolveKinds } from '../lint/kinds.ts';
import { withDefaults } from '../lint/schema.ts';
import type { Stage, StageRegistry } from '../stage.ts';
import type { Holdable } from './credit.ts';
import { KindGate, type Outlet, type Target } from './ports.ts';
import { Queue } from './queue.ts';
import type { Scope } from './scope.ts';
import { SourceRuntime } from './source-runtime.ts';
import { StageRuntime } from './stage-runtime.ts';

export type NodeRuntime = SourceRuntime | StageRuntime;

/** The nodes of a flow, wired and not yet started. */
export interface Wired {
  /** In order of the document. */
  readonly nodes: readonly NodeRuntime[];
  /** In order of the wires: upstream before downstream. */
  readonly downstream: readonly StageRuntime[];
}

/** Builds and wires the nodes of a document that lint has nothing against. Throws a Fault for a config that `build` refuses. */
export function wire(document: FlowDocument, stages: StageRegistry, scope: Scope): Wired {
  const graph = graphOf(document);
  const nodes = document.nodes.map((node, order): NodeRuntime => {
    if (isDriverNode(node)) return new SourceRuntime(scope, node.id, order, node.driver);
    const stage = stages.find(({ type }) => type === node.stage) as Stage;
    return buildStage(scope, node.id, order, stage, node.config);
  });
  connect(document, graph, nodes);
  tellUpstream(graph, nodes);
  const downstream = topologicalOrder(graph).flatMap((place) => {
    const node = nodes[place];
    return node instanceof StageRuntime ? [node] : [];
  });
  return { nodes, downstream };
}

function buildStage(
  scope: Scope,
  id: string,
  order: number,
  stage: Stage,
  config: Record<string, unknown>,
): StageRuntime {
  try {
    return new StageRuntime(scope, id, order, stage, withDefaults(stage.config, config));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw faults.fault('flow.build', { type: stage.type, detail }, `nodes[${order}].config`, error);
  }
}

/** Joins outputs with inputs; a queue or a gate stands between only where it is needed. */
function connect(document: FlowDocument, graph: Graph, nodes: readonly NodeRuntime[]): void {
  const facts = nodes.map((node) => (node instanceof StageRuntime ? { stage: node.stage } : {}));
  const kindsOf = resolveKinds(document, graph, facts);
  const targets = new Map<Outlet, Target[]>();
  for (const edge of graph.edges) {
    const from = nodes[edge.from] as NodeRuntime;
    const to = nodes[edge.to] as StageRuntime;
    const described = document.wires[edge.wire] as FlowDocument['wires'][number];
    let target: Target = to.inlets[edge.toPort] as Target;
    if (to.worker !== undefined) {
      const queue = new Queue(described.from, edge.toPort, described.buffer, to.worker);
      to.worker.queues.push(queue);
      target = queue;
    }
    const { accepts } = to.stage;
    const all = accepts === 'any' || [...kindsOf(edge)].every((kind) => accepts.includes(kind));
    if (!all) target = new KindGate(accepts, target);
    const outlet = outletOf(from, edge.fromPort);
    targets.set(outlet, [...(targets.get(outlet) ?? []), target]);
  }
  for (const [outlet, list] of targets) outlet.targets = list;
}

export function outletOf(node: NodeRuntime, port: string): Outlet {
  const outlet =
    node instanceof SourceRuntime ? (port === 'out' ? node.outlet : undefined) : node.outlets.get(port);
  if (outlet !== undefined) return outlet;
  const ports = node instanceof SourceRuntime ? 'out' : [...node.outlets.keys()].join(', ');
  throw faults.fault('flow.unknownPort', { id: node.id, direction: 'output', port, ports, hint: '' });
}

/** Every queue knows what it stops when it is full. */
function tellUpstream(graph: Graph, nodes: readonly NodeRuntime[]): void {
  nodes.forEach((node, place) => {
    if (node instanceof SourceRuntime || node.worker === undefined) return;
    graph.entering[place]?.forEach((edge, wireOfNode) => {
      const upstream = [edge.from, ...upstreamOf(graph, edge.from)].sort((a, b) => a - b);
      const queue = node.worker?.queues[wireOfNode];
      if (queue !== undefined) queue.upstream = upstream.flatMap((at) => holdable(nodes[at]));
    });
  });
}

function holdable(node: NodeRuntime | undefined): Holdable[] {
  if (node instanceof SourceRuntime) return [node];
  return node?.worker === undefined ? [] : [node.worker];
}
