/** Undoes in reverse order what was begun, whatever happened between. */
export class Scope implements AsyncDisposable {
  private readonly undo: (() => unknown)[] = [];

  /** Registers something to be undone at the end. */
  defer(undo: () => unknown): void {
    this.undo.push(undo);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let each = this.undo.pop(); each; each = this.undo.pop()) {
      try {
        await each();
      } catch {
        // What cannot be undone must not keep the rest from being undone.
      }
    }
  }
}
