// A life of an outbox, in a process of its own under the shim: acts as its argument says and marks in its folder what it has done.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Outbox } from '#edge/outbox/outbox';
import type { Priority } from '#flows/event';

/** What a life does, in order. */
export type Act =
  | {
      readonly do: 'commit';
      readonly events: readonly (readonly [Priority, number])[];
      readonly value: number;
    }
  | { readonly do: 'acknowledge'; readonly priority: Priority; readonly upto: number }
  | { readonly do: 'settle' };

export const optionsOf = (folder: string) => ({
  folder,
  origin: { site: 's', box: 'b' },
  maxBytes: 300_000,
  folding: { journalBytes: 2000, keysPerGroup: 5 },
  now: () => 0,
});

/** An act on an outbox; `n` is its place in the life. */
export function act(outbox: Outbox, one: Act, n: number): void {
  if (one.do === 'acknowledge') outbox.acknowledge(one.priority, one.upto);
  else if (one.do === 'settle') outbox.settle();
  else
    outbox.commit({
      events: one.events.map(([priority, pad], at) => ({
        flow: { id: 'f', hash: '0' },
        emission: {
          priority,
          type: 'quaywatch.test',
          time: '2026-11-22T10:00:00.000Z',
          data: { act: n, at, pad: 'x'.repeat(pad) },
          stage: 'out',
        },
      })),
      changes: [
        {
          flow: 'f',
          entries: [
            { node: 'n', space: 'state', key: `k${n % 17}`, version: 1, value: one.value },
            { node: 'n', space: 'state', key: 'acts', version: 1, value: n },
          ],
        },
      ],
      errors: [],
      counters: new Map([['acts', 1]]),
    });
}

if (process.argv[2] !== undefined) {
  const folder = process.argv[2];
  const acts = JSON.parse(process.argv[3] ?? '[]') as Act[];
  mkdirSync(join(folder, 'outbox'), { recursive: true });
  const outbox = new Outbox(optionsOf(join(folder, 'outbox')));
  const marks = openSync(join(folder, 'marks'), 'a');
  writeSync(marks, Buffer.from('.')); // it is open
  acts.forEach((one, n) => {
    act(outbox, one, n);
    writeSync(marks, Buffer.from('.'));
  });
  closeSync(marks);
  outbox.close();
}
