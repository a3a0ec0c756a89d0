/** Runs a load one at a time; of the wishes that come meanwhile only the newest is run after it. */
export interface Latest<A> {
  /** Waits for the load that runs. */
  request(argument: A): void;
  /** Aborts the load that runs: its answer is no longer wanted. */
  restart(argument: A): void;
  stop(): void;
}

export function createLatest<A>(load: (argument: A, signal: AbortSignal) => Promise<void>): Latest<A> {
  let running: AbortController | undefined;
  let wanted: { argument: A } | undefined;
  const run = (argument: A) => {
    const controller = new AbortController();
    running = controller;
    wanted = undefined;
    const done = () => {
      if (running !== controller) return;
      running = undefined;
      if (wanted) run(wanted.argument);
    };
    load(argument, controller.signal).then(done, done);
  };
  return {
    request(argument) {
      if (running) wanted = { argument };
      else run(argument);
    },
    restart(argument) {
      running?.abort();
      run(argument);
    },
    stop() {
      running?.abort();
      running = undefined;
      wanted = undefined;
    },
  };
}
