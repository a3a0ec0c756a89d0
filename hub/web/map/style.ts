import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import type { Colours } from './colours.ts';
import { draftLayers } from './draft-style.ts';

/**
 * The coast lines are right to about a kilometre. Between these zooms they fade into one neutral
 * ground, and the port's own drawn layers are the map.
 */
const coastEndsFrom = 9.5;
const coastEndsAt = 11.5;

const empty: GeoJSONSourceSpecification = {
  type: 'geojson',
  data: { type: 'FeatureCollection', features: [] },
};

export function styleOf(colours: Colours): StyleSpecification {
  return {
    version: 8,
    sources: {
      land: empty,
      grid: empty,
      port: empty,
      fences: { ...empty, promoteId: 'id' },
      track: empty,
      routes: empty,
      stops: empty,
      draft: empty,
    },
    layers: layersOf(colours),
  };
}

const byZoom = (...stops: (number | string | ExpressionSpecification)[]) =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification;
/** Doubles with every zoom, as a width in metres does on the screen. */
const metric = (at12: number, at18: number) =>
  ['interpolate', ['exponential', 2], ['zoom'], 12, at12, 18, at18] as unknown as ExpressionSpecification;
/** Of a stop by the hours that things stood there, px. */
const stopRadius = (times: number): ExpressionSpecification => [
  'interpolate',
  ['linear'],
  ['sqrt', ['get', 'hours']],
  0,
  5 * times,
  1,
  18 * times,
  5,
  60 * times,
];
const isLayer = (...names: string[]) =>
  ['in', ['get', 'layer'], ['literal', names]] as unknown as ExpressionSpecification;
const isArea = ['==', ['geometry-type'], 'Polygon'] as unknown as ExpressionSpecification;
const state = (name: string, yes: unknown, no: unknown) =>
  ['case', ['boolean', ['feature-state', name], false], yes, no] as unknown as ExpressionSpecification;

function layersOf(c: Colours): LayerSpecification[] {
  const portFill = [
    'match',
    ['get', 'layer'],
    'water',
    c.water,
    'yard',
    c.yard,
    'berth',
    c.yard,
    'building',
    c.building,
    c.paved,
  ];
  return [
    {
      id: 'ground',
      type: 'background',
      paint: { 'background-color': byZoom(coastEndsFrom, c.sea, coastEndsAt, c.ground) },
    },
    {
      id: 'land',
      type: 'fill',
      source: 'land',
      paint: { 'fill-color': c.land, 'fill-opacity': byZoom(coastEndsFrom, 1, coastEndsAt, 0) },
    },
    {
      id: 'coast',
      type: 'line',
      source: 'land',
      paint: {
        'line-color': c.coast,
        'line-width': 1,
        'line-opacity': byZoom(coastEndsFrom, 1, coastEndsAt, 0),
      },
    },
    { id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': c.grid, 'line-width': 1 } },
    {
      id: 'port-areas',
      type: 'fill',
      source: 'port',
      filter: ['all', isArea, ['!', isLayer('label')]],
      paint: { 'fill-color': portFill as unknown as ExpressionSpecification },
    },
    {
      id: 'port-edges',
      type: 'line',
      source: 'port',
      minzoom: 11,
      filter: ['all', isArea, ['!', isLayer('label', 'road')]],
      paint: { 'line-color': c.edge, 'line-width': 1 },
    },
    {
      id: 'port-roads',
      type: 'line',
      source: 'port',
      filter: ['all', ['==', ['geometry-type'], 'LineString'], isLayer('road')],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': c.road, 'line-width': metric(2.5, 40) },
    },
    {
      id: 'port-lines',
      type: 'line',
      source: 'port',
      filter: ['all', ['==', ['geometry-type'], 'LineString'], ['!', isLayer('road', 'label')]],
      paint: { 'line-color': c.edge, 'line-width': metric(1.5, 6) },
    },
    {
      id: 'fence-areas',
      type: 'fill',
      source: 'fences',
      paint: {
        'fill-color': state('alarm', c.alarm, state('selected', c.select, c.fence)),
        'fill-opacity': state('alarm', 0.07, state('selected', 0.1, 0.03)),
      },
    },
    {
      id: 'fence-lines',
      type: 'line',
      source: 'fences',
      paint: {
        'line-color': state('alarm', c.alarm, state('selected', c.select, c.fence)),
        'line-width': state('alarm', 2.5, state('selected', 2.5, 1.2)),
        'line-dasharray': [4, 2.5],
      },
    },
    {
      id: 'route-lines',
      type: 'line',
      source: 'routes',
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': c.fence, 'line-width': 2, 'line-dasharray': [1, 2] },
    },
    {
      id: 'stop-spots',
      type: 'circle',
      source: 'stops',
      paint: {
        'circle-color': c.select,
        'circle-opacity': 0.4,
        'circle-stroke-color': c.select,
        'circle-stroke-width': 1,
        // By area: five minutes are 9 px, an hour 18, a day 60; far out, where spots lie on each other, two thirds.
        'circle-radius': byZoom(12, stopRadius(2 / 3), 15, stopRadius(1)),
      },
    },
    {
      id: 'track-gaps',
      type: 'line',
      source: 'track',
      filter: ['==', ['get', 'part'], 'gap'],
      paint: { 'line-color': c.warn, 'line-width': 1.6, 'line-dasharray': [1.5, 2.5] },
    },
    {
      id: 'track-lines',
      type: 'line',
      source: 'track',
      filter: ['==', ['get', 'part'], 'driven'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': c.track, 'line-width': 2.2 },
    },
    {
      id: 'track-fixes',
      type: 'circle',
      source: 'track',
      minzoom: 14.5,
      filter: ['==', ['get', 'part'], 'fix'],
      paint: { 'circle-color': c.track, 'circle-radius': 2.4 },
    },
    ...draftLayers(c),
  ];
}

/** Gives a map the colours of another theme, without loading anything anew. */
export function recolour(
  map: { setPaintProperty(layer: string, name: string, value: unknown): unknown },
  colours: Colours,
): void {
  for (const layer of layersOf(colours))
    for (const [name, value] of Object.entries(layer.paint ?? {}))
      map.setPaintProperty(layer.id, name, value);
}
