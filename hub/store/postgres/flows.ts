import type { StateChange } from '#flows/runtime';
import type { Append, Checkpoint, FlowStateStore, PartPlace } from '../store.ts';
import { bulk, type Database, type Queries } from './database.ts';

export function createFlowStore(database: Database): FlowStateStore {
  return {
    async begin(flow, parts, from) {
      await database.run(
        `INSERT INTO flow_place SELECT $1, part, 0, CASE $3 WHEN 'start' THEN 0
           ELSE coalesce((SELECT max(position) FROM event), 0) END, 0
         FROM generate_series(0, $2::integer - 1) AS part ON CONFLICT DO NOTHING`,
        [flow, parts, from],
      );
    },
    places: (flow) =>
      database.rows<PartPlace>(
        `SELECT flow, part, count, position, clock AS "clockMs" FROM flow_place WHERE flow = $1 ORDER BY part`,
        [flow],
      ),
    state: async (flow, part) =>
      (
        await database.rows<StateChange & { value: string }>(
          'SELECT node, space, key, version, value FROM flow_state WHERE flow = $1 AND part = $2',
          [flow, part],
        )
      ).map((row) => ({ ...row, key: decode(row.key), value: JSON.parse(row.value) as unknown })),
    async forget(flow) {
      await database.transaction(async (queries) => {
        await queries.run('DELETE FROM flow_place WHERE flow = $1', [flow]);
        await queries.run('DELETE FROM flow_state WHERE flow = $1', [flow]);
      });
    },
  };
}

/** PostgreSQL keeps no NUL in texts, and keys of state may be whatever a device says. */
const encode = (key: string): string => JSON.stringify(key);
const decode = (text: string): string => JSON.parse(text) as string;

/** Whether each append's checkpoint follows the one before it. The caller holds the lock of appends. */
export async function checkpointsFollow(
  queries: Queries,
  appends: readonly Append[],
): Promise<(append: Append) => boolean> {
  const flows = appends.flatMap(({ checkpoint }) => (checkpoint ? [checkpoint.flow] : []));
  if (flows.length === 0) return () => true;
  const rows = await queries.rows<{ flow: string; part: number; count: number }>(
    'SELECT flow, part, count FROM flow_place WHERE flow = ANY($1)',
    [[...new Set(flows)]],
  );
  const counts = new Map(rows.map(({ flow, part, count }) => [`${part} ${flow}`, count]));
  return ({ checkpoint }) =>
    !checkpoint || counts.get(`${checkpoint.part} ${checkpoint.flow}`) === checkpoint.count - 1;
}

export async function writeCheckpoints(queries: Queries, appends: readonly Append[]): Promise<void> {
  const all = appends.flatMap(({ checkpoint }) => (checkpoint ? [checkpoint] : []));
  if (all.length === 0) return;
  await queries.run(
    `UPDATE flow_place p SET count = n.count, position = n.position, clock = n.clock
     FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[])
       AS n (flow, part, count, position, clock) WHERE p.flow = n.flow AND p.part = n.part`,
    [
      all.map(({ flow }) => flow),
      all.map(({ part }) => part),
      all.map(({ count }) => count),
      all.map(({ position }) => position),
      all.map(({ clockMs }) => clockMs),
    ],
  );
  await writeStates(queries, all);
}

async function writeStates(queries: Queries, checkpoints: readonly Checkpoint[]): Promise<void> {
  const changes = checkpoints.flatMap(({ flow, part, changes: list }) =>
    list.map((change) => ({ flow, part, ...change, key: encode(change.key) })),
  );
  const gone = changes.filter(({ value }) => value === undefined);
  const key = ({ flow, part, node, space, key: name }: (typeof changes)[number]) => [
    flow,
    part,
    node,
    space,
    name,
  ];
  if (gone.length > 0)
    await queries.run(
      `DELETE FROM flow_state s USING unnest($1::text[], $2::integer[], $3::text[], $4::text[], $5::text[])
         AS n (flow, part, node, space, key)
       WHERE s.flow = n.flow AND s.part = n.part AND s.node = n.node AND s.space = n.space AND s.key = n.key`,
      [0, 1, 2, 3, 4].map((column) => gone.map((change) => key(change)[column])),
    );
  await bulk(
    queries,
    'flow_state',
    ['text', 'integer', 'text', 'text', 'text', 'integer', 'text'],
    changes
      .filter(({ value }) => value !== undefined)
      .map((change) => [...key(change), change.version, JSON.stringify(change.value)]),
    'ON CONFLICT (flow, part, node, space, key) DO UPDATE SET version = excluded.version, value = excluded.value',
  );
}
