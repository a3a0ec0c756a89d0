import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { FlowIdentity } from '#edge/outbox/event-text';
import { Outbox, type PendingEvent } from '#edge/outbox/outbox';
import { type Emission, toEvent } from '#flows/event';
import type { Bench } from './bench.ts';
import { inPairs } from './pairs.ts';

const origin = { box: 'b'.repeat(22), site: 'quay' };
const flow: FlowIdentity = { id: 'gate-corridor', hash: 'a'.repeat(64) };
const eventsPerRound = 4000;
const pairs = 25;

/** What a fence says of a truck; the same for both sides. */
const emission = (i: number): Emission => ({
  priority: 'verdict',
  type: 'quaywatch.fence.exit',
  subject: `truck-${i % 500}`,
  time: new Date(Date.UTC(2026, 10, 25) + i * 37).toISOString(),
  stage: 'fences',
  data: {
    fence: `f${i % 60}`,
    confirmed: new Date(Date.UTC(2026, 10, 25) + i * 37).toISOString(),
    lon: 4.1,
    lat: 51.9,
  },
});

/** A box's outbox: events from emissions, numbered, checked, with the hub acknowledging what was before. */
function ours(folder: string, events: number) {
  mkdirSync(folder);
  const outbox = new Outbox({ folder, origin, maxBytes: 1e9, now: () => Date.now() });
  let next = 0;
  return {
    perSecond(): number {
      const groups = Array.from({ length: eventsPerRound / events }, () =>
        Array.from({ length: events }, (): PendingEvent => ({ flow, emission: emission(next++) })),
      );
      const start = performance.now();
      for (const pending of groups)
        outbox.commit({ events: pending, changes: [], errors: [], counters: new Map() });
      return (eventsPerRound * 1000) / (performance.now() - start);
    },
    close: () => outbox.close(),
  };
}

/** SQLite and nothing else: the same events as JSON, one insert each, as many in a transaction and an fsync. */
function bare(file: string, events: number) {
  const sql = new Database(file);
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = FULL');
  sql.exec('CREATE TABLE event (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  const insert = sql.prepare('INSERT INTO event (sequence, body) VALUES (?, ?)');
  let next = 0;
  const group = sql.transaction((emissions: readonly Emission[]) => {
    for (const each of emissions) {
      next++;
      insert.run(next, JSON.stringify(toEvent(each, origin, flow, { sequence: next, previous: next - 1 })));
    }
  });
  let made = 0;
  return {
    perSecond(): number {
      const groups = Array.from({ length: eventsPerRound / events }, () =>
        Array.from({ length: events }, () => emission(made++)),
      );
      const start = performance.now();
      for (const emissions of groups) group.immediate(emissions);
      return (eventsPerRound * 1000) / (performance.now() - start);
    },
    close: () => sql.close(),
  };
}

/** Judged: as many events as gather in ten milliseconds at ten thousand a second. */
const sizes: readonly (readonly [string, number])[] = [
  ['outbox', 100],
  ['info.outbox.10', 10],
  ['info.outbox.1000', 1000],
];

export const bench: Bench = {
  name: 'outbox',
  summary:
    'durable events a second in a box’s outbox, over bare inserts of SQLite with the same batch and fsync',
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-bench-outbox-'));
    try {
      for (const [name, events] of sizes) {
        log(`${pairs} pairs of ${eventsPerRound} events in groups of ${events}`);
        const sides = {
          ours: ours(join(folder, `${name}-ours`), events),
          bare: bare(join(folder, `${name}.db`), events),
        };
        const figures = await inPairs(sides.ours.perSecond, sides.bare.perSecond, pairs, signal);
        sides.ours.close();
        sides.bare.close();
        report({ name, unit: 'events/s', ...figures, detail: { group: events, pairs, folder: tmpdir() } });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
