import { Inode } from './inode.ts';
import type { Operation } from './log.ts';

type Naming =
  | { readonly path: string; readonly inode: Inode | undefined }
  | { readonly path: string; readonly to: string };

/**
 * A disk as a power cut sees it. What was synced stays. Of what was not, each sector has what it had before or
 * after any of the writes to it, whatever became of its neighbours; a file has its old length or one of the
 * later; names change in order, and count once their folder is synced, a new file's also when it is synced itself.
 */
export class Disk {
  readonly #names = new Map<string, Inode>();
  readonly #durable: Map<string, Inode>;
  #naming: Naming[] = [];

  constructor(files: ReadonlyMap<string, Buffer>) {
    for (const [path, content] of files) this.#names.set(path, new Inode(content));
    this.#durable = new Map(this.#names);
  }

  do(operation: Operation): void {
    const { path } = operation;
    if (operation.kind === 'rename') this.#rename(path, operation.to);
    else if (operation.kind === 'unlink') this.#name(path, undefined);
    else if (operation.kind === 'syncFolder') this.#settleNames();
    else if (operation.kind === 'write') this.#inode(path).write(operation.offset, operation.data);
    else if (operation.kind === 'truncate') this.#inode(path).truncate(operation.length);
    else this.#sync(path);
  }

  #inode(path: string): Inode {
    const known = this.#names.get(path);
    if (known) return known;
    const inode = new Inode(Buffer.alloc(0));
    this.#name(path, inode);
    return inode;
  }

  #name(path: string, inode: Inode | undefined): void {
    if (inode) this.#names.set(path, inode);
    else this.#names.delete(path);
    this.#naming.push({ path, inode });
  }

  #rename(path: string, to: string): void {
    const inode = this.#inode(path);
    this.#names.delete(path);
    this.#names.set(to, inode);
    this.#naming.push({ path, to });
  }

  #sync(path: string): void {
    const inode = this.#inode(path);
    inode.sync();
    // A journal keeps names in order: a file that is there is there with all that came before it.
    const at = this.#naming.findLastIndex((one) => 'inode' in one && one.inode === inode);
    if (at >= 0) for (const one of this.#naming.splice(0, at + 1)) settle(this.#durable, one);
  }

  #settleNames(): void {
    for (const one of this.#naming.splice(0)) settle(this.#durable, one);
  }

  /** The files as the cut leaves them. */
  cut(random: () => number): Map<string, Buffer> {
    const names = new Map(this.#durable);
    const kept = Math.floor(random() * (this.#naming.length + 1));
    for (const one of this.#naming.slice(0, kept)) settle(names, one);
    return new Map([...names].map(([path, inode]) => [path, inode.torn(random)]));
  }

  /** The files as they are without a cut. */
  whole(): Map<string, Buffer> {
    return new Map([...this.#names].map(([path, inode]) => [path, inode.whole()]));
  }
}

function settle(names: Map<string, Inode>, one: Naming): void {
  if ('to' in one) {
    const inode = names.get(one.path);
    names.delete(one.path);
    if (inode) names.set(one.to, inode);
  } else if (one.inode) names.set(one.path, one.inode);
  else names.delete(one.path);
}
