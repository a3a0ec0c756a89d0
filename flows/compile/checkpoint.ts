import type { StateChange } from '../runtime.ts';
import type { NodeRuntime } from './graph.ts';
import { SourceRuntime } from './source-runtime.ts';
import type { StageRuntime } from './stage-runtime.ts';
import type { Store } from './store.ts';

/** Counter that holds the type of a node's stage: state of another type is never taken for its own. */
const typeKey = 'stage';

function storesOf(node: NodeRuntime): Store[] {
  if (node instanceof SourceRuntime) return [node.kept];
  const { counters, state, timers, worker } = node;
  return [counters, state, timers.store, ...(worker === undefined ? [] : [worker.waiting])];
}

/** Writes every stage's type into its counters, to be in the first checkpoint. */
export function markStages(nodes: readonly NodeRuntime[]): void {
  for (const node of nodes) if (!(node instanceof SourceRuntime)) node.counters.set(typeKey, node.stage.type);
}

/** The whole checkpoint. */
export function allChanges(nodes: readonly NodeRuntime[]): StateChange[] {
  const changes: StateChange[] = [];
  for (const node of nodes) for (const store of storesOf(node)) store.takeAll(changes);
  return changes;
}

/** Fills the nodes of a flow that has not run yet. Returns deletions of what they did not take. */
export function restoreInto(
  nodes: ReadonlyMap<string, NodeRuntime>,
  entries: Iterable<StateChange>,
): StateChange[] {
  const present = [...entries].filter(({ value }) => value !== undefined);
  const types = new Map(
    present.flatMap(({ node, space, key, value }) =>
      space === 'counter' && key === typeKey ? [[node, value] as const] : [],
    ),
  );
  // Order of arrival is in the keys of queues; nothing is promised of the order of entries.
  present.sort((a, b) => (a.space === 'queue' && b.space === 'queue' ? Number(a.key) - Number(b.key) : 0));
  return present.flatMap((entry) => {
    const node = nodes.get(entry.node);
    const taken = node !== undefined && take(node, entry, types.get(entry.node));
    return taken ? [] : [{ ...entry, value: undefined }];
  });
}

function take(node: NodeRuntime, entry: StateChange, type: unknown): boolean {
  const { space, key, value } = entry;
  if (node instanceof SourceRuntime) {
    if (space !== 'queue') return false;
    node.restore(Number(key), value);
    return true;
  }
  if (type !== undefined && type !== node.stage.type) return false;
  if (space === 'state') return takeState(node, entry);
  if (space === 'counter') node.counters.restore(key, value);
  else if (space === 'timer') node.timers.restore(key, value);
  else if (node.worker === undefined) return false;
  else return node.worker.restore(Number(key), value);
  return true;
}

function takeState(node: StageRuntime, { key, version, value }: StateChange): boolean {
  if (version === node.state.version) {
    node.state.restore(key, value);
    return true;
  }
  const migrated: unknown = node.stage.migrate?.(value, version);
  if (migrated === undefined) return false;
  node.state.restore(key, migrated);
  node.state.set(key, migrated); // a change: the checkpoint still holds the old version
  return true;
}
