import type { Wired } from './graph.ts';
import type { Scope } from './scope.ts';
import type { StageRuntime } from './stage-runtime.ts';
import type { Timer } from './timers.ts';

/**
 * End of input. Timers fire in order until none is left, each key of a node once (one that sets itself
 * again is periodic and would never end); then the stages flush, upstream before downstream, and timers
 * that this sets fire too.
 */
export async function finish(scope: Scope, { nodes, downstream }: Wired): Promise<void> {
  const fired = new Set<string>();
  const step = async (act: () => void): Promise<void> => {
    scope.enter();
    try {
      act();
    } finally {
      scope.leave();
    }
    if (scope.pending > 0) await scope.drained();
  };
  const fireAll = async (): Promise<void> => {
    for (let timer = scope.timers.first; timer !== undefined; timer = scope.timers.first) {
      const due = timer;
      await step(() => fireOnce(scope, nodes[due.owner.order] as StageRuntime, due, fired));
    }
  };
  if (scope.pending > 0) await scope.drained();
  await fireAll();
  for (const stage of downstream) {
    await step(() => stage.flush());
    await fireAll();
  }
}

function fireOnce(scope: Scope, stage: StageRuntime, timer: Timer, fired: Set<string>): void {
  const name = `${timer.owner.order} ${timer.key}`;
  if (fired.has(name)) {
    timer.owner.clear(timer.key);
    return;
  }
  fired.add(name);
  scope.raiseClock(timer.atMs);
  timer.owner.fire(timer, (key, atMs) => stage.fire(key, atMs));
}
