import Database from 'better-sqlite3';
import { faults } from '../../faults.ts';

export type Sql = Database.Database;

/**
 * Times are epoch milliseconds. `name` is a dictionary of boxes, objects and fences, so that the long
 * tables hold small numbers. `watermark` outlives the events it speaks of.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    box TEXT NOT NULL, sequence INTEGER NOT NULL, priority INTEGER NOT NULL,
    site TEXT NOT NULL, type TEXT NOT NULL, subject TEXT,
    time INTEGER NOT NULL, stored INTEGER NOT NULL, json TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX event_sequence ON event (box, sequence);
  CREATE INDEX event_time ON event (time);
  CREATE INDEX event_box ON event (box, time);
  CREATE INDEX event_site ON event (site, time);
  CREATE INDEX event_type ON event (type, time);
  CREATE INDEX event_priority ON event (priority, time);
  CREATE INDEX event_subject ON event (subject, time) WHERE subject IS NOT NULL;
  CREATE TABLE event_type_seen (type TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE watermark (
    box TEXT NOT NULL, priority INTEGER NOT NULL, upto INTEGER NOT NULL, PRIMARY KEY (box, priority)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE tombstone (
    box TEXT NOT NULL, priority INTEGER NOT NULL, first INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (box, priority, first)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE bucket (
    seconds INTEGER NOT NULL, start INTEGER NOT NULL, site TEXT NOT NULL, priority INTEGER NOT NULL,
    events INTEGER NOT NULL, PRIMARY KEY (seconds, start, site, priority)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE object (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX object_last ON object (last);
  CREATE TABLE fix (
    object INTEGER NOT NULL, time INTEGER NOT NULL, box INTEGER NOT NULL,
    lon REAL NOT NULL, lat REAL NOT NULL, speed_kph REAL, course_deg REAL, quality TEXT,
    PRIMARY KEY (object, time)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE object_box (
    object INTEGER NOT NULL, box INTEGER NOT NULL, PRIMARY KEY (object, box)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fence_change (
    object INTEGER NOT NULL, time INTEGER NOT NULL, position INTEGER NOT NULL,
    fence TEXT NOT NULL, inside INTEGER NOT NULL, fences TEXT NOT NULL,
    PRIMARY KEY (object, time, position)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE seal_change (
    object INTEGER NOT NULL, time INTEGER NOT NULL, position INTEGER NOT NULL,
    state TEXT NOT NULL, container TEXT, PRIMARY KEY (object, time, position)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE box (
    box TEXT PRIMARY KEY, name TEXT NOT NULL, site TEXT NOT NULL, signing_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL, enrolled INTEGER NOT NULL, revoked INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE box_status (
    box TEXT NOT NULL, heard INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (box, heard)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE box_link (
    box TEXT NOT NULL, since INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (box, since)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE user (
    name TEXT PRIMARY KEY, password TEXT, roles TEXT NOT NULL, sites TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE session (id TEXT PRIMARY KEY, expires INTEGER NOT NULL, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE token (
    id TEXT PRIMARY KEY, purpose TEXT NOT NULL, expires INTEGER NOT NULL, content TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit (n INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL) STRICT;
  CREATE TABLE release (
    box TEXT NOT NULL, version INTEGER NOT NULL, json TEXT NOT NULL, state TEXT NOT NULL, detail TEXT,
    PRIMARY KEY (box, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE document (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // A rare type of a box that says much else.
  'CREATE INDEX event_box_type ON event (box, type, time)',
  `
  CREATE TABLE scan (
    id INTEGER PRIMARY KEY, box TEXT NOT NULL, scan TEXT NOT NULL, site TEXT NOT NULL,
    started INTEGER, scanner TEXT, subject TEXT, outcome TEXT,
    facts TEXT, completed TEXT, completed_sequence INTEGER, verdict TEXT, verdict_sequence INTEGER,
    thumbnail BLOB, thumbnail_type TEXT,
    evicted INTEGER NOT NULL DEFAULT 0, copy TEXT NOT NULL DEFAULT 'none'
  ) STRICT;
  CREATE UNIQUE INDEX scan_name ON scan (box, scan);
  CREATE INDEX scan_started ON scan (started, id);
  CREATE INDEX scan_subject ON scan (subject, started) WHERE subject IS NOT NULL;
  CREATE INDEX scan_outcome ON scan (outcome, started) WHERE outcome IS NOT NULL;
  CREATE INDEX scan_copy ON scan (copy, id) WHERE copy <> 'none';
  CREATE TABLE scan_event (
    scan INTEGER NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL,
    PRIMARY KEY (scan, sequence)
  ) STRICT, WITHOUT ROWID;
  `,
  // Fence sets, and where objects were: cells of 1/256 degree, stretches of five minutes (visits.ts).
  `
  CREATE TABLE fence_set (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, site TEXT,
    version INTEGER NOT NULL, features INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fence_set_version (
    name TEXT NOT NULL, version INTEGER NOT NULL, time INTEGER NOT NULL, actor TEXT NOT NULL, note TEXT,
    added INTEGER NOT NULL, changed INTEGER NOT NULL, removed INTEGER NOT NULL, PRIMARY KEY (name, version)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fence_set_feature (
    name TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, json TEXT
  ) STRICT;
  CREATE UNIQUE INDEX fence_set_feature_version ON fence_set_feature (name, id, version);
  CREATE TABLE visit (
    cell INTEGER NOT NULL, stretch INTEGER NOT NULL, object INTEGER NOT NULL,
    PRIMARY KEY (cell, stretch, object)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO visit SELECT DISTINCT
    CAST((lat + 90) * 256 AS INTEGER) * 131072 + CAST((lon + 180) * 256 AS INTEGER), time / 300000, object FROM fix;
  CREATE INDEX fence_change_fence ON fence_change (fence, time);
  `,
  `
  CREATE TABLE flow_place (
    flow TEXT NOT NULL, part INTEGER NOT NULL, count INTEGER NOT NULL, position INTEGER NOT NULL,
    clock INTEGER NOT NULL, PRIMARY KEY (flow, part)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE flow_state (
    flow TEXT NOT NULL, part INTEGER NOT NULL, node TEXT NOT NULL, space TEXT NOT NULL, key TEXT NOT NULL,
    version INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (flow, part, node, space, key)
  ) STRICT, WITHOUT ROWID;
  `,
  // The alarms among much telemetry of the same type; by type alone the three priorities are put together.
  `
  DROP INDEX event_type;
  DROP INDEX event_box_type;
  CREATE INDEX event_type ON event (type, priority, time);
  CREATE INDEX event_box_type ON event (box, type, priority, time);
  `,
  // What was told of one object among all its positions: without telemetry, so that it costs those nothing.
  'CREATE INDEX event_told ON event (subject, type, time) WHERE subject IS NOT NULL AND priority < 2',
];

/** Opens or makes the database; a commit is on disk when it returns. Throws `store.version`. */
export function openDatabase(file: string): Sql {
  const sql = new Database(file, { timeout: 5000 });
  sql.pragma('journal_mode = WAL');
  sql.pragma('synchronous = FULL');
  sql.pragma('cache_size = -64000');
  sql.pragma('wal_autocheckpoint = 4000');
  const found = sql.pragma('user_version', { simple: true }) as number;
  if (found > migrations.length) {
    sql.close();
    throw faults.fault('store.version', { found, known: migrations.length }, file);
  }
  sql.transaction(() => {
    for (const script of migrations.slice(found)) sql.exec(script);
    sql.pragma(`user_version = ${migrations.length}`);
  })();
  return sql;
}

/** Numbers of texts in the dictionary; remembers the latest ones. */
export function createNames(sql: Sql) {
  const limit = 50_000;
  const known = new Map<string, number>();
  const insert = sql.prepare('INSERT INTO name (text) VALUES (?) ON CONFLICT DO NOTHING');
  const select = sql.prepare<[string], { id: number }>('SELECT id FROM name WHERE text = ?');
  const find = (text: string): number | undefined => {
    const id = known.get(text) ?? select.get(text)?.id;
    if (id === undefined) return undefined;
    if (known.size >= limit) known.clear();
    known.set(text, id);
    return id;
  };
  return {
    find,
    /** Within a transaction that may be rolled back: call `forget` when it was. */
    number(text: string): number {
      const id = find(text);
      if (id !== undefined) return id;
      insert.run(text);
      return find(text) as number;
    },
    forget: () => known.clear(),
  };
}
export type Names = ReturnType<typeof createNames>;
