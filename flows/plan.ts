import type { FlowDocument, FlowNode } from './flow.ts';
import { flowHash, isDriverNode } from './flow.ts';
import type { StateChange } from './runtime.ts';
import type { Stage, StageRegistry } from './stage.ts';
import { canonical } from './trust/canonical.ts';

/** What a running node remembers, as far as it matters for a change: keys, and the version they are in. */
export interface StateFacts {
  readonly keys: number;
  readonly version: number;
}

export interface NodeChange {
  readonly node: string;
  readonly change: 'kept' | 'added' | 'removed' | 'changed';
}

export interface SourceChange {
  readonly node: string;
  /** keep: the open session goes on; restart: it is closed and opened with the new config. */
  readonly change: 'keep' | 'restart' | 'start' | 'stop';
}

export interface StateFate {
  readonly node: string;
  readonly fate: 'carried' | 'migrated' | 'lost';
  readonly reason?: 'removed' | 'stage' | 'version';
  /** Keys that the node holds; absent when the running state is not known. */
  readonly keys?: number;
}

/** What a change of flow would do: data, to be shown, confirmed and then carried out. */
export interface ChangePlan {
  readonly flow: string;
  readonly from?: string;
  readonly to: string;
  readonly nodes: readonly NodeChange[];
  readonly sources: readonly SourceChange[];
  readonly state: readonly StateFate[];
  /** Nodes whose state would be lost: `flow/node`, as `confirmLoss` of a release names them. */
  readonly lost: readonly string[];
}

/**
 * Plans a change of flow. `next` undefined: the flow is removed. With the state of the running flow
 * (`stateFacts`) a node that remembers nothing loses nothing, and the version that its state is in is
 * known; without it every stateful stage counts as remembering something in its present version.
 */
export function planChange(
  old: FlowDocument | undefined,
  next: FlowDocument | undefined,
  stages: StageRegistry,
  state?: ReadonlyMap<string, StateFacts>,
): ChangePlan {
  const before = byId(old);
  const after = byId(next);
  const ids = [...new Set([...before.keys(), ...after.keys()])];
  const flow = (next ?? old)?.id ?? '';
  const fates = [...before.values()].flatMap((node) => fateOf(node, after.get(node.id), stages, state));
  return {
    flow,
    ...(old === undefined ? {} : { from: flowHash(old) }),
    to: next === undefined ? '' : flowHash(next),
    nodes: ids.map((node) => ({ node, change: changeOf(before.get(node), after.get(node)) })),
    sources: ids.flatMap((id) => sourceChange(id, before.get(id), after.get(id))),
    state: fates,
    lost: fates.filter(({ fate }) => fate === 'lost').map(({ node }) => `${flow}/${node}`),
  };
}

/** What a checkpoint says about the state of every node: `planChange`'s last argument. */
export function stateFacts(checkpoint: Iterable<StateChange>): Map<string, StateFacts> {
  const facts = new Map<string, StateFacts>();
  for (const { node, space, version, value } of checkpoint) {
    if (value === undefined || (space !== 'state' && space !== 'timer')) continue;
    const known = facts.get(node);
    const oldest = space === 'state' ? Math.min(version, known?.version ?? version) : known?.version;
    facts.set(node, { keys: (known?.keys ?? 0) + 1, version: oldest ?? Number.POSITIVE_INFINITY });
  }
  return facts;
}

const byId = (document: FlowDocument | undefined) =>
  new Map<string, FlowNode>(document?.nodes.map((node) => [node.id, node]));

const typeOf = (node: FlowNode): string =>
  isDriverNode(node) ? `driver ${node.driver}` : `stage ${node.stage}`;

const sameConfig = (a: FlowNode, b: FlowNode): boolean => canonical(a.config) === canonical(b.config);

function changeOf(before: FlowNode | undefined, after: FlowNode | undefined): NodeChange['change'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return typeOf(before) === typeOf(after) && sameConfig(before, after) ? 'kept' : 'changed';
}

function sourceChange(
  node: string,
  before: FlowNode | undefined,
  after: FlowNode | undefined,
): SourceChange[] {
  const was = before !== undefined && isDriverNode(before);
  const is = after !== undefined && isDriverNode(after);
  if (!was) return is ? [{ node, change: 'start' }] : [];
  if (!is) return [{ node, change: 'stop' }];
  return [{ node, change: changeOf(before, after) === 'kept' ? 'keep' : 'restart' }];
}

function fateOf(
  before: FlowNode,
  after: FlowNode | undefined,
  stages: StageRegistry,
  state: ReadonlyMap<string, StateFacts> | undefined,
): StateFate[] {
  if (isDriverNode(before)) return [];
  const { id: node } = before;
  const stage = stages.find(({ type }) => type === before.stage);
  const facts = state?.get(node);
  if (state === undefined ? stage?.state === undefined : facts === undefined) return [];
  const keys = facts === undefined ? {} : { keys: facts.keys };
  if (after === undefined) return [{ node, fate: 'lost', reason: 'removed', ...keys }];
  if (typeOf(before) !== typeOf(after)) return [{ node, fate: 'lost', reason: 'stage', ...keys }];
  const version = facts?.version ?? Number.POSITIVE_INFINITY;
  return [{ node, ...versionFate(stage, version), ...keys }];
}

function versionFate(stage: Stage | undefined, version: number): Pick<StateFate, 'fate' | 'reason'> {
  if (stage === undefined) return { fate: 'lost', reason: 'stage' };
  if (version === (stage.stateVersion ?? 1) || version === Number.POSITIVE_INFINITY)
    return { fate: 'carried' };
  return stage.migrate === undefined ? { fate: 'lost', reason: 'version' } : { fate: 'migrated' };
}
