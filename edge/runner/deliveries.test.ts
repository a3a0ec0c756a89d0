import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outbox } from '../outbox/outbox.ts';
import { BoxClock } from './clock.ts';
import { Deliveries } from './deliveries.ts';
import { GroupCommit } from './group.ts';

/** A process on a folder; it ends without a word, as one does that is killed. */
function life(folder: string) {
  const outbox = new Outbox({ folder, origin: { site: 's', box: 'b' }, maxBytes: 10_000_000, now: () => 0 });
  const group = new GroupCommit({
    outbox,
    clock: new BoxClock(),
    groupMs: 1000,
    groupMessages: 1_000_000,
    onBlocked: () => undefined,
    onError: () => undefined,
  });
  const deliveries = new Deliveries(outbox, group);
  const end = () => {
    group.close();
    outbox.close();
  };
  return { group, deliveries, end };
}

/** Most that a memory may leave out at its old end: a page. */
const slack = 64;
const kept = 512 * 64 - slack;

test('what was noted is known to the next process when its group was committed, and else is not', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 400 }).map((notes) => ({ notes })) },
    { weight: 3, arbitrary: fc.constant('commit' as const) },
    { weight: 1, arbitrary: fc.constant('kill' as const) },
    { weight: 1, arbitrary: fc.constant('forget' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'deliveries-'));
      let process = life(folder);
      let memory = process.deliveries.of('f/in');
      let committed: [number, number][] = [];
      let noted: [number, number][] = [];
      let next = 0;
      try {
        for (const one of [...steps, 'kill' as const]) {
          if (typeof one === 'object') {
            for (let i = 0; i < one.notes; i++) {
              const entry: [number, number] = [next % 65_536, (next * 2_654_435_761) % 2 ** 32];
              memory.note(...entry);
              noted.push(entry);
              next += 1;
            }
          } else if (one === 'forget') {
            memory.forget();
            process.group.commit();
            noted = [];
            committed = [];
          } else if (one === 'commit') {
            process.group.commit();
            committed = [...noted];
          } else {
            process.end();
            process = life(folder);
            memory = process.deliveries.of('f/in');
            expect([...memory.committed()].slice(-kept)).toEqual(committed.slice(-kept));
            noted = [...committed];
          }
        }
      } finally {
        process.end();
        rmSync(folder, { recursive: true, force: true });
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

test('a flow that is removed leaves nothing behind, and its neighbour keeps what it had', () => {
  const folder = mkdtempSync(join(tmpdir(), 'deliveries-'));
  const first = life(folder);
  for (const node of ['f/in', 'g/in']) first.deliveries.of(node).note(1, 2);
  first.group.commit();
  first.deliveries.forget('f');
  first.group.commit();
  first.end();
  const second = life(folder);
  expect([...second.deliveries.of('f/in').committed()]).toEqual([]);
  expect([...second.deliveries.of('g/in').committed()]).toEqual([[1, 2]]);
  second.end();
  rmSync(folder, { recursive: true, force: true });
});
