import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Event } from '#flows/event';
import { at, boxRecord, events, fence, group, position, sampleEvent } from '../store/conformance/samples.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { createLiveObjects } from './objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'quaywatch-live-objects-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

type Step = readonly ['enter' | 'exit' | 'seal', number, number];
/** Events in order of their moments, some of which another one supersedes or withdraws at the end. */
function story(steps: readonly Step[], corrected: readonly (readonly [number, boolean, number])[]): Event[] {
  const list = steps.map(([what, second, which], n) =>
    what === 'seal'
      ? sampleEvent('b', n + 2, {
          ...{ type: 'quaywatch.seal.observed', subject: 'truck', seconds: second },
          data: { state: which % 2 === 0 ? 'locked' : 'unlocked' },
        })
      : fence('b', n + 2, second, what, `f${which}`),
  );
  const gone = new Set<number>();
  for (const [which, isWithdrawn, second] of corrected) {
    const old = list[which % steps.length] as Event;
    if (gone.has(which % steps.length)) continue;
    gone.add(which % steps.length);
    const moved = sampleEvent('b', list.length + 2, {
      ...{ type: old.type, subject: 'truck', supersedes: old.id },
      seconds: isWithdrawn ? (Date.parse(old.time) - at(0)) / 1000 : second,
      data: isWithdrawn ? { ...old.data, retracted: true } : old.data,
    });
    list.push(moved);
  }
  return list;
}

test('what is shown live of an object is what the store says of now, late and withdrawn events included', async () => {
  const step = fc.tuple(fc.constantFrom('enter', 'exit', 'seal'), fc.nat(40), fc.nat(2));
  const correction = fc.tuple(fc.nat(20), fc.boolean(), fc.nat(40));
  let corrected = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 12 }),
      fc.array(correction, { maxLength: 4 }),
      async (steps, corrections) => {
        const store = openSqliteStore(join(folder, `${files++}.sqlite`));
        await store.boxes.add(boxRecord('b'));
        const live = createLiveObjects([]);
        const all = [position('b', 1, 50, 119), ...story(steps as Step[], corrections)];
        for (const event of all) {
          const [answer] = await store.records.append([group('b', events(event))], at(60));
          live.take(answer?.stored ?? [], 'quay');
        }
        const [stored] = await store.objects.at(at(100), 86_400_000);
        const [shown] = live.since(0);
        expect([shown?.fences, shown?.seal]).toEqual([stored?.fences, stored?.seal]);
        corrected += corrections.length;
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
  expect(corrected).toBeGreaterThan(10);
});
