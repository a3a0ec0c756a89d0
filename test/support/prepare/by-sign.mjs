import { parentPort } from 'node:worker_threads';

/** A task's preparation with faults: what the first number says happens in the thread. */
export function prepare(raw, params, slots) {
  const { data } = raw.x;
  if (data[0] === 1000) for (;;); // hangs in JavaScript
  if (data[0] === 2000) process.exit(3); // ends the thread
  if (data[0] === 3000) {
    // dies of an error that nobody catches
    setImmediate(() => {
      throw new Error('broken on purpose');
    });
    parentPort.close();
    return;
  }
  if (data[0] === 4000) throw new Error('cannot be prepared');
  for (let at = 0; at < data.length; at++) slots.x.data[at] = data[at] * (params?.gain ?? 1);
}
