import { basename } from 'node:path';
import { folderDevice } from '#drivers/transport/folder-device';
import { pause } from './pace.ts';
import type { Recorded } from './recording.ts';

/** On a wire with topics, bytes are a topic, a space and a payload. */
export const withTopic = ({ origin: { topic }, bytes }: Pick<Recorded, 'origin' | 'bytes'>): Uint8Array =>
  topic === undefined ? bytes : Buffer.concat([Buffer.from(`${topic} `), bytes]);

const lineEnd = Buffer.from('\n');

/** The bytes alone: connections one after the other (those that wait are held), and of files what the device said. */
export async function* plainBytes(items: AsyncIterable<Recorded>): AsyncGenerator<Uint8Array> {
  const held = new Map<string, Uint8Array[]>();
  let current: string | undefined;
  for await (const item of items) {
    const { topic, link, sideCar, last } = item.origin;
    if (sideCar) continue;
    const bytes = topic === undefined ? item.bytes : Buffer.concat([withTopic(item), lineEnd]);
    if (link === undefined || link === current) yield bytes;
    else held.set(link, [...(held.get(link) ?? []), bytes]);
    if (link !== undefined && current === undefined) {
      current = link;
      yield* held.get(link) ?? [];
      held.delete(link);
    }
    if (last && link === current) current = undefined;
  }
  for (const bytes of held.values()) yield* bytes;
}

/** Bytes, and when they were due, ms. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly dueMs: number;
}

/** Bytes of many connections or files, each of which has to come out by itself. */
export interface Strand {
  readonly name: string;
  readonly pieces: AsyncIterable<Piece>;
}

/** The first after `waitMs`, the others at the distances at which they were due: what waited comes in no heap. */
export async function* delayed(
  pieces: AsyncIterable<Piece>,
  waitMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const began = performance.now();
  let laterMs: number | undefined;
  for await (const { bytes, dueMs } of pieces) {
    laterMs ??= began + waitMs - dueMs;
    await pause(dueMs + laterMs - performance.now(), signal);
    yield bytes;
  }
}

class Queue implements AsyncIterable<Piece> {
  readonly #waiting: Piece[] = [];
  #over = false;
  #wake: () => void = () => undefined;

  push(bytes: Uint8Array): void {
    this.#waiting.push({ bytes, dueMs: performance.now() });
    this.#wake();
  }

  end(): void {
    this.#over = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Piece> {
    while (true) {
      const next = this.#waiting.shift();
      if (next) yield next;
      else if (this.#over) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/**
 * Takes a recording apart by connection, each given to `say` when its first bytes come. Settles when all of them are
 * through; rejects with what the first of them rejected with.
 */
export async function byLink(
  items: AsyncIterable<Recorded>,
  say: (strand: Strand) => Promise<void>,
): Promise<void> {
  const open = new Map<string, Queue>();
  const running: Promise<void>[] = [];
  for await (const item of items) {
    const name = item.origin.link ?? '';
    let queue = open.get(name);
    if (!queue) {
      queue = new Queue();
      open.set(name, queue);
      running.push(say({ name, pieces: queue }));
    }
    if (item.bytes.length > 0) queue.push(withTopic(item));
    if (!item.origin.last) continue;
    queue.end();
    open.delete(name);
  }
  for (const queue of open.values()) queue.end();
  await Promise.all(running);
}

/** Drops the files of a recording into a folder under their names, each when its last byte has come. */
export async function dropFiles(items: AsyncIterable<Recorded>, path: string): Promise<void> {
  const device = folderDevice(path);
  const parts = new Map<string, Uint8Array[]>();
  for await (const { origin, bytes } of items) {
    const { file = 'recorded', last } = origin;
    const all = parts.get(file) ?? [];
    all.push(bytes);
    parts.set(file, all);
    if (!last) continue;
    device.drop(basename(file), Buffer.concat(all));
    parts.delete(file);
  }
}
