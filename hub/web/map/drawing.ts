import type { Position } from 'geojson';
import type { Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';

/** What a hand does on the map while something is drawn; places are not yet snapped. */
export interface MapTool {
  click(at: Position): void;
  double(at: Position): void;
  hover(at: Position): void;
  /** True when something is under the hand: then it is dragged, and the map stays. */
  grab(at: Position): boolean;
  drag(at: Position): void;
  drop(): void;
}

/** Gives clicks and drags to the tool that is in hand; without one the map has them. */
export function createDrawing(map: MapLibreMap) {
  let tool: MapTool | undefined;
  let dragging = false;
  const place = ({ lngLat }: MapMouseEvent): Position => [lngLat.lng, lngLat.lat];
  map.on('mousedown', (event) => {
    if (event.originalEvent.button !== 0 || !tool?.grab(place(event))) return;
    dragging = true;
    event.preventDefault();
  });
  map.on('mousemove', (event) => {
    if (dragging) tool?.drag(place(event));
    else tool?.hover(place(event));
  });
  map.on('mouseup', () => {
    if (dragging) tool?.drop();
    dragging = false;
  });
  map.on('dblclick', (event) => {
    if (!tool) return;
    event.preventDefault();
    tool.double(place(event));
  });
  return {
    /** Whether a click is the tool's. */
    takes(event: MapMouseEvent): boolean {
      tool?.click(place(event));
      return tool !== undefined;
    },
    hold(next: MapTool | undefined): void {
      if (!tool !== !next) {
        if (next) map.keyboard.disable();
        else map.keyboard.enable();
        map.getCanvas().style.cursor = next ? 'crosshair' : '';
      }
      tool = next;
    },
    held: () => tool !== undefined,
    /** CSS px of a degree of longitude and latitude at the middle of the map. */
    scale(): { lon: number; lat: number } {
      const lon = (512 * 2 ** map.getZoom()) / 360;
      return { lon, lat: lon / Math.cos((map.getCenter().lat * Math.PI) / 180) };
    },
    centre: (): Position => [map.getCenter().lng, map.getCenter().lat],
  };
}
