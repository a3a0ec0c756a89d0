/** What stops when a queue is full: a source (through the host), or the worker of an asynchronous stage. */
export interface Holdable {
  /** How many queues want it to stop. */
  holds: number;
  /** Called when `holds` becomes 1 or 0. */
  onHold(): void;
}

export function hold(all: readonly Holdable[]): void {
  for (const one of all) if (++one.holds === 1) one.onHold();
}

export function release(all: readonly Holdable[]): void {
  for (const one of all) if (--one.holds === 0) one.onHold();
}
