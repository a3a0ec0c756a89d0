import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Event, type Priority, priorities } from '#flows/event';
import type { StateChange } from '#flows/runtime';
import { Outbox } from './outbox.ts';

/** What may happen to an outbox, in any order. */
type Action =
  | {
      readonly do: 'commit';
      readonly events: readonly (readonly [Priority, number, boolean])[];
      readonly state: readonly (readonly [number, number | undefined])[];
      readonly reset: boolean;
    }
  | { readonly do: 'read'; readonly priority: Priority; readonly count: number }
  | { readonly do: 'acknowledge'; readonly priority: Priority; readonly part: number }
  | { readonly do: 'settle' | 'reopen' | 'crash' | 'rewind' };

const priority = fc.constantFrom(...priorities);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('commit' as const),
      events: fc.array(fc.tuple(priority, fc.integer({ min: 0, max: 3000 }), fc.boolean()), {
        maxLength: 30,
      }),
      state: fc.array(fc.tuple(fc.nat(60), fc.option(fc.nat(), { nil: undefined })), { maxLength: 40 }),
      reset: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('read' as const),
      priority,
      count: fc.integer({ min: 1, max: 50 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('acknowledge' as const),
      priority,
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('settle' as const, 'reopen' as const, 'crash' as const, 'rewind' as const),
    }),
  },
);

/** Little more than an empty file takes, so that dropping is the rule. */
const maxBytes = 200_000;

/** The naive outbox: lists and a map. */
class Model {
  sequence = 0;
  readonly last: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
  readonly events: Record<Priority, { sequence: number; previous: number; keep: boolean; n: number }[]> = {
    alarm: [],
    verdict: [],
    telemetry: [],
  };
  /** Acknowledged, whether settled or not; a crash may forget what is not settled. */
  readonly acknowledged: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
  state = new Map<string, unknown>();
}

const change = (key: number, value: number | undefined): StateChange => ({
  node: 'n',
  space: 'state',
  key: `k${key}`,
  version: 1,
  value: value === undefined ? undefined : { value, pad: 'y'.repeat(100) },
});

/** Acts on the real one and on the model, and compares after every step. */
class Run {
  readonly #root = mkdtempSync(join(tmpdir(), 'outbox-model-'));
  readonly #model = new Model();
  #folders = 0;
  #folder = this.#next();
  #outbox = this.#open();

  #next(): string {
    return join(this.#root, String(this.#folders++));
  }

  #open(): Outbox {
    if (this.#folders === 1) cpSync(mkdtempSync(join(tmpdir(), 'empty-')), this.#folder, { recursive: true });
    return new Outbox({
      folder: this.#folder,
      origin: { site: 's', box: 'b' },
      maxBytes,
      folding: { journalBytes: 3000, keysPerGroup: 7 },
      now: () => 0,
    });
  }

  act(action: Action): void {
    if (action.do === 'commit') this.#commit(action);
    else if (action.do === 'read')
      this.#outbox.read(action.priority, this.#outbox.acknowledged(action.priority), action.count, 1e6);
    else if (action.do === 'acknowledge') this.#acknowledge(action.priority, action.part);
    else if (action.do === 'settle') this.#outbox.settle();
    else if (action.do === 'rewind') this.#outbox.rewind();
    else this.#again(action.do === 'crash');
    this.check();
  }

  #commit({ events, state, reset }: Extract<Action, { do: 'commit' }>): void {
    const model = this.#model;
    const entries = [...new Map(state).entries()].map(([key, value]) => change(key, value));
    this.#outbox.commit({
      events: events.map(([priority, pad, seal], n) => ({
        flow: { id: 'f', hash: '0' },
        emission: {
          priority,
          type: seal ? 'quaywatch.seal.observed' : 'quaywatch.test',
          time: '2026-11-22T10:00:00.000Z',
          data: { n, pad: 'x'.repeat(pad) },
          stage: 'out',
        },
      })),
      changes: [{ flow: 'f', entries, ...(reset ? { reset: { document: { id: 'f' } } } : {}) }],
      errors: [],
      counters: new Map(),
    });
    events.forEach(([priority, , seal], n) => {
      model.sequence += 1;
      const keep = seal || priority === 'alarm';
      model.events[priority].push({ sequence: model.sequence, previous: model.last[priority], keep, n });
      model.last[priority] = model.sequence;
    });
    if (reset) model.state.clear();
    for (const { key, value } of entries) {
      if (value === undefined) model.state.delete(key);
      else model.state.set(key, value);
    }
  }

  #acknowledge(priority: Priority, part: number): void {
    const { events, acknowledged } = this.#model;
    const event = events[priority][Math.floor(part * (events[priority].length - 1))];
    if (!event) return;
    this.#outbox.acknowledge(priority, event.sequence);
    acknowledged[priority] = Math.max(acknowledged[priority], event.sequence);
  }

  /** After a crash the files are as they were at that moment, with the journal of SQLite not folded in. */
  #again(crash: boolean): void {
    if (crash) {
      const copy = this.#next();
      cpSync(this.#folder, copy, { recursive: true });
      this.#outbox.close();
      this.#folder = copy;
    } else {
      this.#outbox.settle();
      this.#outbox.close();
    }
    this.#outbox = this.#open();
    expect(this.#outbox.damage).toBeUndefined();
    for (const priority of priorities) {
      expect(this.#outbox.acknowledged(priority)).toBeLessThanOrEqual(this.#model.acknowledged[priority]);
      this.#model.acknowledged[priority] = this.#outbox.acknowledged(priority);
    }
  }

  check(): void {
    expect(this.#outbox.sequence).toBe(this.#model.sequence);
    let pending = 0;
    for (const priority of priorities) pending += this.#checkPriority(priority);
    expect(pending).toBeGreaterThanOrEqual(0);
    const restored = new Map(this.#outbox.restore('f')?.entries.map(({ key, value }) => [key, value]));
    expect(restored).toEqual(this.#model.state);
    if (this.#outbox.fill().bytes > maxBytes) expect(this.#outbox.full).toBe(true);
  }

  #checkPriority(priority: Priority): number {
    const after = this.#model.acknowledged[priority];
    expect(this.#outbox.acknowledged(priority)).toBe(after);
    const { events, tombstones } = this.#outbox.read(priority, after, 1e6, 1e9);
    this.#outbox.rewind();
    const found = new Map(
      events.map((text) => [(JSON.parse(text) as Event).sequence, JSON.parse(text) as Event]),
    );
    const buried = new Map<number, number>();
    for (const expected of this.#model.events[priority]) {
      if (expected.sequence <= after) continue;
      const event = found.get(expected.sequence);
      if (event) {
        expect(event).toMatchObject({ previous: expected.previous, data: { n: expected.n }, priority });
        continue;
      }
      expect(expected.keep).toBe(false);
      const grave = tombstones.findIndex(
        ({ from, to }) => from <= expected.sequence && expected.sequence <= to,
      );
      expect(grave).toBeGreaterThanOrEqual(0);
      buried.set(grave, (buried.get(grave) ?? 0) + 1);
    }
    tombstones.forEach(({ from, count }, place) => {
      if (from > after) expect(count).toBe(buried.get(place));
    });
    return this.#outbox.fill().pending[priority] - events.length;
  }

  end(): void {
    this.#outbox.close();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

test('behaves like a list, a map and a set of graves, whatever happens in whatever order', () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 10, maxLength: 60, size: 'max' }), (actions) => {
      const run = new Run();
      try {
        for (const one of actions) run.act(one);
      } finally {
        run.end();
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 120_000);
