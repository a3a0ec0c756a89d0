import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Colours } from './colours.ts';

const role = (...names: string[]) =>
  ['in', ['get', 'role'], ['literal', names]] as unknown as ExpressionSpecification;
const isPoint = ['==', ['geometry-type'], 'Point'] as unknown as ExpressionSpecification;
const isArea = ['==', ['geometry-type'], 'Polygon'] as unknown as ExpressionSpecification;
const both = (...conditions: ExpressionSpecification[]) =>
  ['all', ...conditions] as unknown as ExpressionSpecification;
const not = (condition: ExpressionSpecification) => ['!', condition] as unknown as ExpressionSpecification;

/** What is being drawn, over everything: what is to go is dashed, what is to come is drawn through. */
export const draftLayers = (c: Colours): LayerSpecification[] => [
  {
    id: 'draft-areas',
    type: 'fill',
    source: 'draft',
    filter: both(isArea, role('changed', 'chosen')),
    paint: { 'fill-color': c.select, 'fill-opacity': 0.12 },
  },
  {
    id: 'draft-gone',
    type: 'line',
    source: 'draft',
    filter: role('gone', 'closing'),
    paint: { 'line-color': c.muted, 'line-width': 2, 'line-dasharray': [2, 2] },
  },
  {
    id: 'draft-lines',
    type: 'line',
    source: 'draft',
    filter: both(not(isPoint), role('changed', 'chosen', 'drawing')),
    layout: { 'line-join': 'round' },
    paint: { 'line-color': c.select, 'line-width': 2.2 },
  },
  {
    id: 'draft-middles',
    type: 'circle',
    source: 'draft',
    filter: both(isPoint, role('middle')),
    paint: {
      'circle-color': c.surface,
      'circle-radius': 3,
      'circle-stroke-color': c.select,
      'circle-stroke-width': 1,
    },
  },
  {
    id: 'draft-corners',
    type: 'circle',
    source: 'draft',
    filter: both(isPoint, role('corner', 'held')),
    paint: {
      'circle-color': ['match', ['get', 'role'], 'held', c.select, c.surface],
      'circle-radius': 5,
      'circle-stroke-color': c.select,
      'circle-stroke-width': 2,
    },
  },
  {
    id: 'draft-cursor',
    type: 'circle',
    source: 'draft',
    filter: both(isPoint, role('snap', 'cursor')),
    paint: {
      'circle-color': 'transparent',
      'circle-radius': 9,
      'circle-stroke-color': c.text,
      'circle-stroke-width': 1.5,
    },
  },
];
