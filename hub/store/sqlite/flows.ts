import type { StateChange } from '#flows/runtime';
import type { Append, Checkpoint, FlowStateStore, PartPlace } from '../store.ts';
import type { Sql } from './open.ts';

interface PlaceRow {
  readonly flow: string;
  readonly part: number;
  readonly count: number;
  readonly position: number;
  readonly clock: number;
}

interface StateRow {
  readonly node: string;
  readonly space: StateChange['space'];
  readonly key: string;
  readonly version: number;
  readonly value: string;
}

/** Places and states of hub flows; the writer's methods belong into the transaction that stores events. */
export function createFlowStore(sql: Sql) {
  const begin = sql.prepare(
    `INSERT INTO flow_place SELECT ?, ?, 0, CASE ? WHEN 'start' THEN 0
       ELSE coalesce((SELECT max(position) FROM event), 0) END, 0
     WHERE true ON CONFLICT DO NOTHING`,
  );
  const places = sql.prepare<[string], PlaceRow>('SELECT * FROM flow_place WHERE flow = ? ORDER BY part');
  const count = sql
    .prepare<[string, number], number>('SELECT count FROM flow_place WHERE flow = ? AND part = ?')
    .pluck();
  const clock = sql.prepare<[], number | null>('SELECT max(clock) FROM flow_place').pluck();
  const move = sql.prepare(
    'UPDATE flow_place SET count = ?, position = ?, clock = ? WHERE flow = ? AND part = ?',
  );
  const state = sql.prepare<[string, number], StateRow>(
    'SELECT node, space, key, version, value FROM flow_state WHERE flow = ? AND part = ?',
  );
  const set = sql.prepare('INSERT OR REPLACE INTO flow_state VALUES (?, ?, ?, ?, ?, ?, ?)');
  const remove = sql.prepare(
    'DELETE FROM flow_state WHERE flow = ? AND part = ? AND node = ? AND space = ? AND key = ?',
  );
  const forget = ['flow_place', 'flow_state'].map((table) =>
    sql.prepare(`DELETE FROM ${table} WHERE flow = ?`),
  );

  const forgetAll = sql.transaction((flow: string) => {
    for (const statement of forget) statement.run(flow);
  });

  const store: FlowStateStore = {
    begin: async (flow, parts, from) => {
      for (let part = 0; part < parts; part += 1) begin.run(flow, part, from);
    },
    places: async (flow) =>
      places.all(flow).map(({ clock: clockMs, ...place }): PartPlace => ({ ...place, clockMs })),
    state: async (flow, part) =>
      state.all(flow, part).map((row) => ({ ...row, value: JSON.parse(row.value) as unknown })),
    forget: async (flow) => forgetAll(flow),
  };

  return {
    store,
    writer: {
      /** No event is dated before the clock of a flow that may have concluded from its absence. */
      latestClock: (): number => clock.get() ?? 0,
      follows: ({ checkpoint }: Append): boolean =>
        !checkpoint || count.get(checkpoint.flow, checkpoint.part) === checkpoint.count - 1,
      write({ flow, part, count: next, position, clockMs, changes }: Checkpoint): void {
        move.run(next, position, clockMs, flow, part);
        for (const { node, space, key, version, value } of changes) {
          if (value === undefined) remove.run(flow, part, node, space, key);
          else set.run(flow, part, node, space, key, version, JSON.stringify(value));
        }
      },
    },
  };
}
export type FlowWriter = ReturnType<typeof createFlowStore>['writer'];
