import type { CustomLayerInterface, Map as MapLibreMap } from 'maplibre-gl';
import type { Colours } from './colours.ts';
import { mercatorX, mercatorY } from './geometry.ts';
import { createMarkProgram, type MarkProgram, type MarkView } from './mark-program.ts';
import type { ObjectBuffer } from './object-buffer.ts';

export interface ObjectLayer extends CustomLayerInterface {
  setObjects(buffer: ObjectBuffer): void;
  setColours(colours: Colours): void;
}

/** Radius of a mark in CSS px: small from afar and in a crowd, so that ten thousand are still a picture. */
export function markSize(zoom: number, count: number): number {
  const size = Math.max(3.2, Math.min(9.5, 3.2 + (zoom - 8) * 0.95));
  return count > 2000 && zoom < 15 ? Math.max(3.2, size * 0.6) : size;
}

/** CSS px of the view for mercator positions from an origin; right for a map without tilt or turn. */
export function projection(map: MapLibreMap, originX: number, originY: number): MarkView {
  const scale = 512 * 2 ** map.getZoom();
  const centre = map.getCenter();
  const { clientWidth, clientHeight } = map.getCanvas();
  // Taken off in doubles: only small numbers go to the card.
  return {
    scale,
    offsetX: (originX - mercatorX(centre.lng)) * scale + clientWidth / 2,
    offsetY: (originY - mercatorY(centre.lat)) * scale + clientHeight / 2,
    width: clientWidth,
    height: clientHeight,
  };
}

/** All objects in one draw call of the map's own frame: for machines with a graphics card. */
export function createObjectLayer(colours: Colours): ObjectLayer {
  let map: MapLibreMap | undefined;
  let marks: MarkProgram | undefined;
  let buffer: ObjectBuffer | undefined;
  let paint = colours;
  let uploaded: ObjectBuffer | undefined;
  return {
    id: 'objects',
    type: 'custom',
    setObjects(next) {
      buffer = next;
      map?.triggerRepaint();
    },
    setColours(next) {
      paint = next;
      map?.triggerRepaint();
    },
    onAdd(owner, gl) {
      map = owner;
      marks = createMarkProgram(gl as WebGL2RenderingContext);
      uploaded = undefined;
    },
    render() {
      if (!map || !marks || !buffer || buffer.ids.length === 0) return;
      if (uploaded !== buffer) marks.load(buffer.data);
      uploaded = buffer;
      const view = projection(map, buffer.originX, buffer.originY);
      marks.draw(view, markSize(map.getZoom(), buffer.ids.length), paint);
    },
  };
}
