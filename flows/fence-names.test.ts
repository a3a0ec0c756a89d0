import { expect, test } from 'vitest';
import { setsNamed } from './fence-names.ts';
import { stages } from './registry.ts';

test('sets are found where stages name them, and fences that stand in the config are no names', () => {
  const node = (id: string, stage: string, config: Record<string, unknown>) => ({ id, stage, config });
  const document = {
    id: 'f',
    version: 1,
    nodes: [
      { id: 'in', driver: 'mqtt-json', config: { fences: 'no stage' } },
      node('a', 'geofence', { fences: 'port' }),
      node('b', 'guard', { fences: { type: 'FeatureCollection', features: [] } }),
      node('c', 'corridor', { corridors: 'routes' }),
      node('d', 'match', { roads: 'roads' }),
      node('e', 'emit', { priority: 'alarm' }),
    ],
    wires: [],
  };
  expect(setsNamed(document as never, stages)).toEqual([
    { name: 'port', path: 'nodes[1].config.fences' },
    { name: 'routes', path: 'nodes[3].config.corridors' },
    { name: 'roads', path: 'nodes[4].config.roads' },
  ]);
});
