import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Outbox } from '#edge/outbox/outbox';
import { Agreement } from '#edge/uplink/agreement';
import { type Event, type Priority, priorities } from '#flows/event';
import type { Acknowledgement, Tombstone } from '#flows/wire';
import { follow } from '#hub/ingest/chain';

/** A hub by its own rules of chains and numbers, without wire and disk. */
class Hub {
  readonly stored = new Map<number, Event>();
  readonly tombstones: Tombstone[] = [];
  readonly #upto = new Map<Priority, number>();
  readonly #graves = new Map<Priority, Tombstone>();

  take(priority: Priority, events: Event[], tombstones: Tombstone[]): Acknowledgement {
    const batch = { kind: 'batch' as const, box: 'b', priority, events, tombstones, signature: '' };
    const found = follow(batch, this.#upto.get(priority) ?? 0, this.#graves.get(priority));
    let { problem } = found;
    for (const event of found.repeated) {
      const known = this.stored.get(event.sequence);
      if (!known || JSON.stringify(known) !== JSON.stringify(event)) problem = conflict;
    }
    for (const { event, tombstone } of problem === conflict ? [] : found.fresh) {
      if (event && this.stored.has(event.sequence)) problem = conflict;
      if (problem === conflict) break;
      if (event) this.stored.set(event.sequence, event);
      else this.tombstones.push(tombstone);
      this.#upto.set(priority, event ? event.sequence : tombstone.to);
      if (event) this.#graves.delete(priority);
      else this.#graves.set(priority, tombstone);
    }
    const upto = this.#upto.get(priority) ?? 0;
    return { kind: 'acknowledgement', priority, upto, ...(problem && { refused: problem }) };
  }
}
const conflict = { code: 'sequence.conflict', message: '', help: '' };

function machine() {
  const folder = mkdtempSync(join(tmpdir(), 'agreement-'));
  const hub = new Hub();
  const open = () =>
    new Outbox({ folder, origin: { site: 's', box: 'b' }, maxBytes: 50_000_000, now: () => 0 });
  let outbox = open();
  let given = 0;
  let diverged = 0;
  const send = (priority: Priority, upto: number, limit: number): Acknowledgement => {
    const portion = outbox.read(priority, upto, limit, 1e6);
    return hub.take(
      priority,
      portion.events.map((text) => JSON.parse(text)),
      [...portion.tombstones],
    );
  };
  return {
    hub,
    close() {
      outbox.close();
      rmSync(folder, { recursive: true });
    },
    get outbox() {
      return outbox;
    },
    get diverged() {
      return diverged;
    },
    /** Commits events, each with a content of its own. */
    emit(wanted: readonly Priority[]): number[] {
      const contents = wanted.map(() => (given += 1));
      const events = wanted.map((priority, n) => ({
        flow: { id: 'f', hash: '0' },
        emission: { priority, type: 't', time: '2026-01-01T00:00:00Z', data: { n: contents[n] }, stage: 'o' },
      }));
      outbox.commit({ events, changes: [], errors: [], counters: new Map() });
      return contents;
    },
    /** Sends what waits, at most so many of each priority; `heard`: whether the answers come back. */
    exchange(limit: number, heard: boolean): void {
      for (const priority of priorities) {
        const answer = send(priority, outbox.acknowledged(priority), limit);
        expect(answer.refused).toBeUndefined();
        if (heard) outbox.acknowledge(priority, answer.upto);
      }
      if (heard) outbox.settle();
    },
    /** The box starts anew, on `image` where that is given. */
    restart(image?: string): void {
      outbox.close();
      if (image) {
        for (const suffix of ['-wal', '-shm']) rmSync(join(folder, `outbox.db${suffix}`), { force: true });
        copyFileSync(image, join(folder, 'outbox.db'));
      }
      outbox = open();
    },
    image(): string {
      const file = join(folder, 'image.db');
      outbox.close();
      copyFileSync(join(folder, 'outbox.db'), file);
      outbox = open();
      return file;
    },
    agree(): void {
      const answers: Acknowledgement[] = [];
      const agreement = new Agreement({
        outbox,
        conflict: false,
        send: (priority, { events }) => {
          const parsed = events.map((text) => JSON.parse(text) as Event);
          answers.push({ ...hub.take(priority, parsed, []), answers: [`${answers.length}`] });
          return `${answers.length - 1}`;
        },
        onDiverged: () => {
          diverged += 1;
        },
      });
      agreement.begin();
      // A greeting and an answer to somebody else's batch say nothing.
      expect(agreement.take({ kind: 'acknowledgement', priority: 'alarm', upto: 99, answers: [] })).toBe(
        false,
      );
      let agreed = false;
      for (let n = 0; n < answers.length; n++) agreed = agreement.take(answers[n] as Acknowledgement);
      expect(agreed).toBe(true);
    },
    drain(): void {
      for (const priority of priorities)
        while (outbox.last(priority) > outbox.acknowledged(priority)) {
          const before = outbox.acknowledged(priority);
          const answer = send(priority, before, 7);
          expect(answer.refused).toBeUndefined();
          outbox.acknowledge(priority, answer.upto);
          expect(outbox.acknowledged(priority)).toBeGreaterThan(before);
        }
      outbox.settle();
    },
  };
}

const some = fc.array(fc.constantFrom(...priorities), { maxLength: 12 });

test('a box that was set back loses what the disk lost and nothing else, and the hub refuses and doubles nothing', () => {
  fc.assert(
    fc.property(
      fc.record({
        before: some,
        after: some,
        since: some,
        later: some,
        limits: fc.tuple(fc.nat(12), fc.nat(12), fc.nat(12)),
        heard: fc.tuple(fc.boolean(), fc.boolean()),
        restarts: fc.boolean(),
      }),
      ({ before, after, since, later, limits, heard, restarts }) => {
        const box = machine();
        try {
          const kept = box.emit(before);
          box.exchange(limits[0], heard[0]);
          const image = box.image();
          const lost = new Set(box.emit(after));
          box.exchange(limits[1], heard[1]);
          box.restart(image);
          kept.push(...box.emit(since));
          box.agree();
          if (restarts) box.restart();
          kept.push(...box.emit(later));
          if (restarts) box.agree();
          box.drain();
          const there = [...box.hub.stored.values()].map(({ data }) => Number(data.n));
          expect(new Set(there).size).toBe(there.length);
          expect(there.filter((n) => !lost.has(n)).sort((a, b) => a - b)).toEqual(kept);
          for (const priority of priorities) {
            const ordered = [...box.hub.stored.values()].filter((event) => event.priority === priority);
            const numbers = ordered.map(({ data }) => Number(data.n));
            expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
          }
          const isAhead = [...lost].some((n) => there.includes(n));
          expect(box.diverged).toBe(isAhead ? 1 : 0);
        } finally {
          box.close();
        }
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('what corrects an event names it by its new number, what is dropped keeps its count, and both are counted', () => {
  const box = machine();
  const image = box.image();
  box.emit(['verdict', 'verdict', 'alarm']);
  box.exchange(9, true);
  box.restart(image);
  const emission = { priority: 'verdict' as const, type: 't', time: '2026-01-01T00:00:00Z', stage: 'o' };
  const flow = { id: 'f', hash: '0' };
  const events = [
    { flow, emission: { ...emission, data: { n: 'wrong' }, name: 'a' } },
    { flow, emission: { ...emission, data: { n: 'buried' } } },
    { flow, emission: { ...emission, data: { n: 'right' }, corrects: 'a' } },
  ];
  box.outbox.commit({ events, changes: [], errors: [], counters: new Map() });
  box.outbox.bury('verdict', 2, 1, 'refused');
  box.agree();
  const again = { flow, emission: { ...emission, data: { n: 'best' }, corrects: 'a' } };
  box.outbox.commit({ events: [again], changes: [], errors: [], counters: new Map() });
  box.drain();
  const found = (n: string) => [...box.hub.stored.values()].find(({ data }) => data.n === n);
  expect(found('right')?.supersedes).toBe(found('wrong')?.id);
  expect(found('best')?.supersedes).toBe(found('wrong')?.id);
  expect(found('wrong')?.sequence).toBeGreaterThan(3);
  const told = box.hub.tombstones.filter(({ priority }) => priority === 'verdict');
  expect(told.map(({ reason, count }) => [reason, count])).toEqual([
    ['corrupt', 0],
    ['refused', 1],
  ]);
  expect(box.outbox.counters().get('renumbered.verdict')).toBe(2);
  box.close();
});
