import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { drivers } from '#drivers/registry';
import { isDriverNode } from '#flows/flow';
import { indexFences } from '#flows/geo/fence-index';
import { readFences } from '#flows/geo/fences';
import { lintFlow } from '#flows/lint';
import { parseFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import { describeResult, testFlow } from '#flows/run/tests';
import { lintHubFlow } from '#flows/stored/lint';
import { storedEvents } from '#flows/stored/source';

const folder = new URL('../../flows/library/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, folder), 'utf8');

interface Feature {
  readonly properties: Readonly<Record<string, string>>;
  readonly geometry: { readonly type: string; readonly coordinates: readonly (readonly [number, number])[] };
}
const features = (name: string) => (JSON.parse(read(name)) as { features: Feature[] }).features;

const sets: Readonly<Record<string, unknown>> = {
  fences: JSON.parse(read('fences.geojson')),
  'iron-ore-import': JSON.parse(read('iron-ore-import.json')),
};
const flows = readdirSync(folder).filter((name) => name.endsWith('.flow.yaml'));

describe.each(flows)('%s', (name) => {
  const parsed = parseFlow(read(name));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  const { document } = parsed;

  test('is right, and bears the name of its file', () => {
    const forHub = document.nodes.some((node) => isDriverNode(node) && node.driver === storedEvents.type);
    expect(forHub ? lintHubFlow(document, stages) : lintFlow(document, stages, drivers)).toEqual([]);
    expect(`${document.id}.flow.yaml`).toBe(name);
  });

  test('passes the tests that it carries', async () => {
    const results = await testFlow(document, stages, { fenceSet: (set) => sets[set] });
    expect(results.length).toBeGreaterThan(1);
    for (const result of results) expect(describeResult(result)).toEqual([`ok ${result.name}`]);
  });
});

describe('the invented port', () => {
  const read = readFences(sets.fences);
  const { fences, problems } = read;
  const index = indexFences(read);
  const inside = (id: string, [lon, lat]: readonly [number, number]) =>
    index.contains(index.numberOf(id) ?? -1, lon, lat);

  test('has fences that can be used', () => {
    expect(problems).toEqual([]);
    expect(fences.map(({ id }) => id)).toEqual(expect.arrayContaining(['gate-a', 'corridor', 'yard-b']));
    expect(fences.filter(({ name }) => name === undefined)).toEqual([]);
  });

  const trucks = features('routes.geojson').filter(({ properties }) => properties.kind === 'truck');

  test.each(trucks.map((route) => [route.properties.id, route] as const))(
    'has a way for %s: from the terminal through gate A and along the corridor into yard B',
    (_, { geometry: { coordinates } }) => {
      // every ten metres or so, not only at the corners
      const way = coordinates.slice(1).flatMap(([x2, y2], i) => {
        const [x1, y1] = coordinates[i] ?? [x2, y2];
        return Array.from({ length: 100 }, (_unused, k): [number, number] => [
          x1 + ((x2 - x1) * k) / 100,
          y1 + ((y2 - y1) * k) / 100,
        ]);
      });
      expect(way.filter((place) => !inside('corridor', place))).toEqual([]);
      const first = (id: string) => way.findIndex((place) => inside(id, place));
      expect(first('terminal')).toBe(0);
      expect(first('gate-a')).toBeGreaterThan(0);
      expect(first('yard-b')).toBeGreaterThan(first('gate-a'));
      expect(inside('yard-b', coordinates.at(-1) ?? [0, 0])).toBe(true);
      expect(way.some((place) => inside('restricted-depot', place))).toBe(false);
    },
  );

  test('has a way for the pilot boat and for the yard crane', () => {
    const routes = new Map(
      features('routes.geojson').map((route) => [route.properties.id, route.geometry.coordinates]),
    );
    const patrol = routes.get('patrol') ?? [];
    expect(patrol.length).toBeGreaterThan(10);
    expect(patrol.filter((place) => inside('restricted-basin', place))).toEqual([]);
    for (const place of routes.get('craneway') ?? []) expect(inside('yard-b', place)).toBe(true);
    expect(routes.get('craneway')).toHaveLength(2);
  });

  test('is drawn in the layers that the map knows', () => {
    const layers = new Set(features('port.geojson').map(({ properties }) => properties.layer));
    expect([...layers].sort()).toEqual([
      'berth',
      'building',
      'gate',
      'label',
      'quay',
      'road',
      'water',
      'yard',
    ]);
  });
});
