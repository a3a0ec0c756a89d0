import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Event, eventId, type Origin, type Priority, priorities } from '#flows/event';
import { canonical } from '#flows/trust/canonical';
import { detailOf, syncFolder } from '../files.ts';
import { readKeyed, readRows } from './damaged-table.ts';
import { renumber } from './renumber.ts';
import type { Reservation } from './reservation.ts';
import { checksumOf, damageOf, eventTables, openStore, type Store } from './schema.ts';

/** What was wrong with an outbox and what became of it. */
export interface Damage {
  readonly detail: string;
  /** Where the damaged file is now; empty when there was none left. */
  readonly file: string;
  /** Events, tombstones and entries of state that were saved. */
  readonly events: number;
  readonly state: number;
}

export interface SalvageOptions {
  readonly folder: string;
  readonly origin: Origin;
  /** As `OutboxOptions.former`. */
  readonly former?: string;
  readonly now: () => number;
}

/**
 * Opens the outbox of a box. A file that is damaged, or gone while numbers were given out, is
 * replaced by a new one with everything that can be read of it; every range that is lost becomes a
 * tombstone, and numbering goes on above all numbers that may have been given out.
 */
export function openOrSalvage(
  options: SalvageOptions,
  reservation: Reservation,
): { readonly store: Store; readonly damage?: Damage } {
  const { folder, origin, now } = options;
  const { box } = origin;
  const file = join(folder, 'outbox.db');
  const saved = `${file}.salvaged`;
  if (!existsSync(file) && existsSync(saved)) renameSync(saved, file); // stopped between two renames
  const lost = !existsSync(file) && reservation.upto > 0;
  let detail = lost ? 'the file is gone' : undefined;
  if (!lost) {
    try {
      const store = openStore(file);
      detail = damageOf(store);
      if (detail === undefined) {
        if (adopt(store, options, reservation)) return { store };
        detail = 'it has no head';
      }
      store.close();
    } catch (error) {
      if (!isDamage(error)) throw error;
      detail = detailOf(error);
    }
  }
  const damage = rebuild(file, saved, lost, box, reservation, detail ?? '', now);
  return { store: openStore(file), damage };
}

const isDamage = (error: unknown): boolean =>
  error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ|ERROR)/.test(error.code);

/** A new file gets its head; false when the head of an old one is missing, or an old one is empty. */
function adopt(store: Store, { folder, origin, former }: SalvageOptions, { given }: Reservation): boolean {
  const { box } = origin;
  const head = store.prepare('SELECT box FROM head').pluck().get();
  if (head === box) return true;
  const used = priorities.some((priority) =>
    store.prepare(`SELECT 1 FROM ${eventTables[priority]} LIMIT 1`).get(),
  );
  if (head === undefined && (used || given)) return false;
  if (head === undefined) {
    store.prepare('INSERT INTO head VALUES(1, ?, 0, 0, 0, 0)').run(box);
    return true;
  }
  if (String(head).startsWith(localPrefix)) rename(store, String(head), origin);
  else if (head === former) moveOver(store, origin);
  else setAside(store, folder, String(head), origin.box, used);
  return true;
}

/** Ids that a box gives itself while it knows no hub. */
export const localPrefix = 'local-';

/** What a box concluded before its enrolment was never sent: it goes on under the id that it got. */
function rename(store: Store, before: string, { box, site }: Origin): void {
  store.transaction(() => {
    for (const table of Object.values(eventTables)) {
      const update = store.prepare(`UPDATE ${table} SET body = ?, checksum = ? WHERE sequence = ?`);
      const rows = store.prepare(`SELECT sequence, body FROM ${table}`).all() as {
        sequence: number;
        body: string;
      }[];
      for (const { sequence, body } of rows) {
        const event = JSON.parse(body) as Event;
        const source = event.source.replace(`/boxes/${before}/`, `/boxes/${box}/`);
        const text = canonical({ ...event, box, site, source, id: eventId(box, sequence) });
        update.run(text, checksumOf(sequence, event.previous, text), sequence);
      }
    }
    store.prepare('UPDATE head SET box = ?').run(box);
  })();
}

/** What was not acknowledged goes on under the id that the box has now, and says which it had. */
function moveOver(store: Store, origin: Origin): void {
  store.transaction(() => {
    for (const { priority, upto } of readKeyed(store, 'acknowledged')) {
      store.prepare(`DELETE FROM ${eventTables[priority as Priority]} WHERE sequence <= ?`).run(upto);
      store.prepare('DELETE FROM tombstone WHERE priority = ? AND last <= ?').run(priority, upto);
    }
    const above = Number(store.prepare('SELECT sequence FROM head').pluck().get());
    renumber(store, { origin, above, joins: { alarm: 0, verdict: 0, telemetry: 0 }, isLost: false });
    // What the hub has under the former id cannot be named as one of this.
    store.prepare('DELETE FROM named WHERE sequence <= ?').run(above);
  })();
}

/** Events of an identity that was given up are kept in a file; the state goes on. */
function setAside(store: Store, folder: string, before: string, box: string, used: boolean): void {
  const aside = join(folder, `outbox-${before.replaceAll(/[^\w-]/g, '_')}.db`);
  if (used && !existsSync(aside)) store.prepare('VACUUM INTO ?').run(aside);
  store.transaction(() => {
    for (const table of Object.values(eventTables)) store.exec(`DELETE FROM ${table}`);
    store.exec('DELETE FROM tombstone; DELETE FROM acknowledged; DELETE FROM named');
    store.prepare('UPDATE head SET box = ?, sequence = 0, alarm = 0, verdict = 0, telemetry = 0').run(box);
  })();
}

function rebuild(
  file: string,
  saved: string,
  lost: boolean,
  box: string,
  reservation: Reservation,
  detail: string,
  now: () => number,
): Damage {
  for (const suffix of ['', '-wal', '-shm']) rmSync(saved + suffix, { force: true });
  const target = openStore(saved);
  let source: Store | undefined;
  try {
    if (!lost) source = new Database(file);
  } catch {
    source = undefined; // not even a database: nothing can be saved
  }
  const counts = target.transaction(() => copy(source, target, box, reservation))();
  source?.close();
  target.pragma('journal_mode = DELETE'); // one file, so that one rename moves all of it
  target.close();
  const aside = lost ? '' : `${file}.damaged-${new Date(now()).toISOString().replaceAll(':', '')}`;
  if (!lost) {
    for (const suffix of ['-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    renameSync(file, aside);
  }
  renameSync(saved, file);
  syncFolder(join(file, '..'));
  return { detail, file: aside, ...counts };
}

function copy(
  source: Store | undefined,
  target: Store,
  box: string,
  reservation: Reservation,
): { events: number; state: number } {
  const head = source && (readRows(source, 'head', 'id', 1)[0] as Record<string, unknown> | undefined);
  // Only rows of this box, and no number that cannot have been given out.
  const upto = reservation.upto;
  const sequence = upto;
  const last: Record<Priority, number> = { alarm: 0, verdict: 0, telemetry: 0 };
  let events = 0;
  for (const priority of priorities) {
    const known = head?.box === box ? Number(head[priority]) : undefined;
    const result = copyEvents(source, target, priority, upto, known);
    last[priority] = result.last;
    events += result.events;
  }
  target
    .prepare('INSERT INTO head VALUES(1, ?, ?, ?, ?, ?)')
    .run(box, sequence, last.alarm, last.verdict, last.telemetry);
  return { events, state: source ? copyRest(source, target) : 0 };
}

function copyEvents(
  source: Store | undefined,
  target: Store,
  priority: Priority,
  upto: number,
  known: number | undefined,
): { last: number; events: number } {
  const table = eventTables[priority];
  const rows = source ? readRows(source, table, 'sequence', upto) : [];
  const acknowledged = source ? readKeyed(source, 'acknowledged') : [];
  const start = Number(acknowledged.find((row) => row.priority === priority)?.upto ?? 0);
  const tombstones = source ? readKeyed(source, 'tombstone').filter((row) => row.priority === priority) : [];
  const insert = target.prepare(`INSERT INTO ${table} VALUES(@sequence, @previous, @keep, @checksum, @body)`);
  const bury = target.prepare(
    'INSERT OR REPLACE INTO tombstone VALUES(@priority, @last, @first, @count, @previous, @reason)',
  );
  const chain = [
    ...rows.map((row) => ({
      row,
      first: Number(row.sequence),
      last: Number(row.sequence),
      event: true,
    })),
    ...tombstones.map((row) => ({
      row,
      first: Number(row.first),
      last: Number(row.last),
      event: false,
    })),
  ].sort((a, b) => a.last - b.last);
  let end = start;
  const missing = (to: number) => {
    if (to <= end) return;
    bury.run({ priority, first: end + 1, last: to, count: 0, previous: end, reason: 'corrupt' });
    end = to;
  };
  let events = 0;
  for (const link of chain) {
    if (link.last <= end) continue;
    missing(Number(link.row.previous));
    if (link.event) insert.run(link.row);
    else bury.run(link.row);
    if (link.event) events += 1;
    end = link.last;
  }
  missing(known !== undefined && known >= end && known <= upto ? known : upto);
  target.prepare('INSERT INTO acknowledged VALUES(?, ?)').run(priority, start);
  return { last: end, events };
}

/** State, documents, errors and counters, as far as they can be read. Returns how many state entries. */
function copyRest(source: Store, target: Store): number {
  let state = 0;
  for (const table of ['state', 'flow', 'error_count', 'counter']) {
    const rows = readKeyed(source, table);
    for (const row of rows) insertRow(target, table, row);
    if (table === 'state') state = rows.length;
  }
  for (const row of readRows(source, 'journal', 'id', Number.MAX_SAFE_INTEGER)) {
    insertRow(target, 'journal', row);
    state += 1;
  }
  for (const row of readRows(source, 'error', 'id', Number.MAX_SAFE_INTEGER)) insertRow(target, 'error', row);
  return state;
}

function insertRow(target: Store, table: string, row: Record<string, unknown>): void {
  const names = Object.keys(row);
  const places = names.map((name) => `@${name}`).join(', ');
  target.prepare(`INSERT OR REPLACE INTO ${table}(${names.join(', ')}) VALUES(${places})`).run(row);
}
