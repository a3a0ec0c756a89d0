import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgresStore } from '#hub/store/postgres/postgres';
import { openSqliteStore } from '#hub/store/sqlite/sqlite';
import { testKafka } from '#test/support/kafka';
import { postgres, postgresPrograms } from '#test/support/postgres';
import type { Bench } from './bench.ts';
import { barePostgres } from './ingest/bare-postgres.ts';
import { bareSqlite, schemaOf } from './ingest/bare-sqlite.ts';
import { boxes, eventsPerBatch, perRound } from './ingest/load.ts';
import { ours } from './ingest/ours.ts';
import { overKafka } from './ingest/over-kafka.ts';
import { inPairs, type Pairs } from './pairs.ts';

const pairs = 15;
/** A server of its own is steadier, and slower to fill. */
const serverPairs = 7;
const detail = { boxes, eventsPerBatch, eventsPerCommit: boxes * eventsPerBatch, pairs };

async function sqlite(folder: string, signal: AbortSignal): Promise<Pairs> {
  const file = join(folder, 'hub.sqlite');
  const store = openSqliteStore(file);
  const hub = await ours(store);
  const inserts = bareSqlite(join(folder, 'bare.sqlite'), schemaOf(file));
  try {
    return await inPairs(hub.perSecond, inserts.perSecond, pairs, signal);
  } finally {
    await store.close();
    inserts.close();
  }
}

async function inPostgres(programs: string, signal: AbortSignal): Promise<Pairs> {
  const server = await postgres(programs, true);
  try {
    const url = await server.create();
    const store = await openPostgresStore(url);
    const inserts = await barePostgres(url);
    try {
      const hub = await ours(store);
      return await inPairs(hub.perSecond, inserts.perSecond, serverPairs, signal);
    } finally {
      await store.close();
      await inserts.close();
    }
  } finally {
    await server.stop();
  }
}

async function throughKafka(folder: string, brokers: readonly string[], signal: AbortSignal): Promise<Pairs> {
  const file = join(folder, 'kafka.sqlite');
  const store = openSqliteStore(file);
  const hub = await overKafka(store, brokers);
  const inserts = bareSqlite(join(folder, 'bare-kafka.sqlite'), schemaOf(file));
  try {
    return await inPairs(hub.perSecond, inserts.perSecond, serverPairs, signal);
  } finally {
    await hub.close();
    await store.close();
    inserts.close();
  }
}

export const bench: Bench = {
  name: 'ingest',
  summary: 'events a second that a hub takes in and stores once, over bare bulk inserts into the same table',
  async run(report, log, signal) {
    const folder = mkdtempSync(join(tmpdir(), 'quaywatch-bench-ingest-'));
    try {
      log(`${pairs} pairs of ${perRound} events of ${boxes} boxes`);
      report({ name: 'ingest.sqlite', unit: 'events/s', ...(await sqlite(folder, signal)), detail });
      const programs = postgresPrograms();
      if (programs === undefined) log('PostgreSQL is not installed: no row ingest.postgres');
      else
        report({
          name: 'ingest.postgres',
          unit: 'events/s',
          ...(await inPostgres(programs, signal)),
          detail: { ...detail, pairs: serverPairs, server: 'a process of its own on loopback, fsync on' },
        });
      const kafka = await testKafka();
      if (kafka === undefined)
        log('Kafka is not here (npm run setup:kafka -- --broker): no row ingest.kafka');
      else
        try {
          const figures = await throughKafka(folder, kafka.brokers, signal);
          const server = `${kafka.what} on the same machine; stored in SQLite`;
          report({
            name: 'ingest.kafka',
            unit: 'events/s',
            ...figures,
            detail: { ...detail, pairs: serverPairs, server },
          });
        } finally {
          await kafka.stop();
        }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
