import { Value } from 'typebox/value';
import type { MessageOf } from '#flows/message';
import { HygieneConfig } from '#flows/stages/hygiene-config';
import { type Partition, type PartitionRules, part } from '#flows/stages/segments';
import type { Track } from '../api/types.ts';

type Point = Track['points'][number];

/** What `hygiene` goes by when nothing else is said. */
const rules = Value.Default(HygieneConfig, {}) as PartitionRules;

/**
 * The points with the number of their body, from 1, where several go under one name: between two of them nothing gets from
 * place to place in time. 0: a fix of none, a spike. Unchanged where there is one body.
 */
export function withBodies(points: readonly Point[]): readonly Point[] {
  const partition: Partition = { segments: [], next: 1 };
  const numbers = new Map<string, number>();
  for (const [n, { time, lon, lat }] of points.entries()) {
    // the partition keeps what it is given, and gives it back: `device` is the place in the list
    const position: MessageOf<'position'> = {
      ...{ kind: 'position', device: String(n), time, quality: 'good', attributes: {} },
      ...{ lon, lat, fix: true },
    };
    for (const { position: passed, segment } of part(partition, position, Date.parse(time), rules).passed)
      numbers.set(passed.device ?? '', segment);
  }
  if (partition.next <= 2) return points;
  return points.map((point, n) => ({ ...point, segment: numbers.get(String(n)) ?? 0 }));
}
