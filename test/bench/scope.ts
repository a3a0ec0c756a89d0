/** Undoes in reverse order what was begun, whatever happened between. */
export class Scope implements AsyncDisposable {
  private readonly undo: (() => unknown)[] = [];
  private closed = false;

  /** Registers something to be undone at the end. After the end it is undone at once, and this throws. */
  defer(undo: () => unknown): void {
    if (!this.closed) {
      this.undo.push(undo);
      return;
    }
    undo();
    throw new Error('stopped');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    for (let each = this.undo.pop(); each; each = this.undo.pop()) {
      try {
        await each();
      } catch {
        // What cannot be undone must not keep the rest from being undone.
      }
    }
  }
}
