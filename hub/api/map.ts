import { readFile } from 'node:fs/promises';
import type { FeatureCollection } from 'geojson';
import { Type } from 'typebox';
import type { Audit } from '../audit.ts';
import type { HubConfig } from '../config.ts';
import { faults } from '../faults.ts';
import type { FenceSets } from '../fences/fence-sets.ts';
import { layersWith } from '../fences/layers.ts';
import type { DocumentStore } from '../store/store.ts';
import { type Api, actorOf, closed, maySee } from './route.ts';
import type { MapLayers } from './types.ts';

const Collection = (description: string) =>
  Type.Object(
    {
      type: Type.Literal('FeatureCollection'),
      features: Type.Array(
        Type.Object({
          type: Type.Literal('Feature'),
          geometry: Type.Union([
            Type.Object({ type: Type.String({ description: 'GeoJSON geometry type.' }) }),
            Type.Null(),
          ]),
        }),
        { description: 'Features.' },
      ),
    },
    { description },
  );
const Layers = Type.Object(
  { port: Collection("The port's own drawn layers."), fences: Collection('The fences in force.') },
  closed,
);

const none: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** The map's first content from the files of the config. Throws `hub.config` for what is no GeoJSON. */
export async function firstLayers(map: HubConfig['map']): Promise<MapLayers> {
  async function read(file: string | undefined): Promise<FeatureCollection> {
    if (file === undefined) return none;
    const wrong = (detail: string) => faults.fault('hub.config', { detail }, file);
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw wrong(error.message);
    });
    try {
      const value = JSON.parse(text) as Partial<FeatureCollection>;
      if (value.type === 'FeatureCollection' && Array.isArray(value.features))
        return value as FeatureCollection;
    } catch (error) {
      throw wrong(error instanceof Error ? error.message : String(error));
    }
    throw wrong('it is no GeoJSON FeatureCollection');
  }
  return { port: await read(map?.port), fences: await read(map?.fences) };
}

/** What was put with PUT /map, else what the config names. */
export const drawnLayers = async (documents: DocumentStore, first: MapLayers): Promise<MapLayers> =>
  ((await documents.get('map')) as MapLayers | undefined) ?? first;

export interface MapRoutes {
  readonly documents: DocumentStore;
  readonly first: MapLayers;
  readonly sets: FenceSets;
  readonly audit: Audit;
}

/** GET /map, PUT /map */
export function mapRoutes(api: Api, { documents, first, sets, audit }: MapRoutes): void {
  api.get(
    '/map',
    { config: { role: 'viewer' }, schema: { summary: 'Layers of the map' } },
    async (request): Promise<MapLayers> => {
      const seen = (await sets.list()).filter(({ site }) => site === undefined || maySee(request, site));
      const read = await Promise.all(seen.map(({ name }) => sets.read(name)));
      return layersWith(await drawnLayers(documents, first), read);
    },
  );

  api.put(
    '/map',
    {
      config: { role: 'operator' },
      bodyLimit: 16_000_000,
      schema: { summary: 'Replaces the layers of the map', body: Layers },
    },
    async (request, reply) => {
      await documents.put('map', request.body);
      await audit.note(actorOf(request), 'map.replace', 'map', request.body);
      return reply.status(204).send();
    },
  );
}
