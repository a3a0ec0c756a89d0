/**
 * A hand-over to a device that speaks at its own pace: holds at most `limit` items and then lets the
 * oldest go, as a device without memory does. Ends when closed.
 */
export function channel<T>(limit = 1000): {
  send(item: T): void;
  close(): void;
  readonly source: AsyncIterable<T>;
} {
  const held: T[] = [];
  let closed = false;
  let wake: () => void = () => {};
  return {
    send(item) {
      if (held.length >= limit) held.shift();
      held.push(item);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    source: {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const item = held.shift();
          if (item !== undefined) yield item;
          else if (closed) return;
          else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      },
    },
  };
}
