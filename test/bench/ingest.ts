import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { eventText, type FlowIdentity } from '#edge/outbox/event-text';
import { batchText } from '#edge/uplink/batch';
import { nativeSigner, nativeVerifier } from '#firmware-config/ed25519';
import { keyPair } from '#flows/trust/sign';
import { createIngest } from '#hub/ingest/ingest';
import { createMetrics } from '#hub/metrics';
import { openSqliteStore } from '#hub/store/sqlite/sqlite';
import type { Bench } from './bench.ts';
import { inPairs } from './pairs.ts';

const site = 'quay';
const flow: FlowIdentity = { id: 'gate-corridor', hash: 'a'.repeat(64) };
const boxes = 8;
const eventsPerBatch = 250;
/** Batches that share a commit: one of each box. */
const commitsPerRound = 5;
const pairs = 15;
const keys = keyPair(new Uint8Array(32).fill(7));
const start = Date.UTC(2026, 10, 25);

function textOf(box: string, sequence: number): string {
  const time = new Date(start + sequence * 211).toISOString();
  return eventText(
    {
      priority: 'verdict',
      type: 'quaywatch.fence.exit',
      subject: `${box}-truck-${sequence % 50}`,
      time,
      stage: 'fences',
      data: { fence: `f${sequence % 60}`, confirmed: time, lon: 4.1, lat: 51.9 },
    },
    { box, site },
    flow,
    { sequence, previous: sequence - 1 },
    {},
  );
}

/** Payloads of every box for one round, signed as boxes sign them. */
function* payloads(round: number): Generator<readonly (readonly [string, Buffer])[]> {
  const signer = nativeSigner(keys.secret);
  for (let commit = 0; commit < commitsPerRound; commit++) {
    const first = (round * commitsPerRound + commit) * eventsPerBatch + 1;
    yield Array.from({ length: boxes }, (_, i) => {
      const box = `box-${i}`;
      const events = Array.from({ length: eventsPerBatch }, (_, n) => textOf(box, first + n));
      const portion = { events, tombstones: [], upto: first + eventsPerBatch - 1, bytes: 0 };
      return [box, Buffer.from(batchText(box, 'verdict', portion, signer))] as const;
    });
  }
}

const perRound = boxes * eventsPerBatch * commitsPerRound;

/** The hub's ingest: parsed, signature checked, followed, deduplicated, stored with its projections, acknowledged. */
async function ours(file: string) {
  const store = openSqliteStore(file);
  const verifier = nativeVerifier(keys.open);
  let acknowledged = 0;
  const ingest = await createIngest({
    store,
    metrics: createMetrics(),
    now: Date.now,
    groupMs: 0,
    sender: () => ({ site, verifier }),
    acknowledge: (_box, { refused }) => {
      if (refused) throw new Error(refused.message);
      acknowledged += eventsPerBatch;
    },
    onStored: () => undefined,
    onMessage: () => undefined,
    onRefused: (_box, problem) => {
      throw new Error(problem.message);
    },
    onFailure: (error) => {
      throw error;
    },
  });
  let round = 0;
  return {
    async perSecond(): Promise<number> {
      const given = [...payloads(round++)];
      acknowledged = 0;
      const from = performance.now();
      for (const commit of given) {
        for (const [box, payload] of commit) void ingest.take(box, payload);
        await ingest.idle();
      }
      const perSecond = (perRound * 1000) / (performance.now() - from);
      if (acknowledged !== perRound) throw new Error(`acknowledged ${acknowledged} of ${perRound} events`);
      return perSecond;
    },
    close: () => store.close(),
  };
}

/** The store's table with its indexes and nothing else: values made beforehand, as many rows in a transaction. */
function bare(file: string, schema: readonly string[]) {
  const sql = new Database(file);
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = FULL');
  for (const statement of schema) sql.exec(statement);
  const insert = sql.prepare(
    `INSERT INTO event (box, sequence, priority, site, type, subject, time, stored, json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const all = sql.transaction((rows: readonly (readonly unknown[])[]) => {
    for (const row of rows) insert.run(...row);
  });
  let round = 0;
  return {
    perSecond(): number {
      const commits = Array.from({ length: commitsPerRound }, (_, commit) => {
        const first = (round * commitsPerRound + commit) * eventsPerBatch + 1;
        return Array.from({ length: boxes * eventsPerBatch }, (_, i) => {
          const box = `box-${Math.floor(i / eventsPerBatch)}`;
          const sequence = first + (i % eventsPerBatch);
          const time = start + sequence * 211;
          const subject = `${box}-truck-${sequence % 50}`;
          return [box, sequence, 1, site, 'quaywatch.fence.exit', subject, time, time, textOf(box, sequence)];
        });
      });
      round++;
      const from = performance.now();
      for (const rows of commits) all.immediate(rows);
      return (perRound * 1000) / (performance.now() - from);
    },
    close: () => sql.close(),
  };
}

/** The table of events and its indexes, as the hub made them. */
function schemaOf(file: string): string[] {
  const sql = new Database(file, { readonly: true });
  try {
    return sql
      .prepare<[], { sql: string }>(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = 'event' AND sql IS NOT NULL ORDER BY rootpage",
      )
      .all()
      .map((row) => row.sql);
  } finally {
    sql.close();
  }
}

export const bench: Bench = {
  name: 'ingest',
  summary: 'events a second that a hub takes in and stores once, over bare bulk inserts into the same table',
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-bench-ingest-'));
    try {
      const file = join(folder, 'hub.sqlite');
      const hub = await ours(file);
      const inserts = bare(join(folder, 'bare.sqlite'), schemaOf(file));
      log(`${pairs} pairs of ${perRound} events of ${boxes} boxes`);
      const figures = await inPairs(hub.perSecond, inserts.perSecond, pairs, signal);
      await hub.close();
      inserts.close();
      const detail = { boxes, eventsPerBatch, eventsPerCommit: boxes * eventsPerBatch, pairs };
      report({ name: 'ingest.sqlite', unit: 'events/s', ...figures, detail });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
