import type { Map as MapLibreMap } from 'maplibre-gl';
import { mercatorX, mercatorY } from './geometry.ts';

/** Where a map without tilt or turn stands: the middle of its view in mercator units, and CSS px per unit. */
export interface Stand {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export function standOf(map: MapLibreMap): Stand {
  const { lng, lat } = map.getCenter();
  return { x: mercatorX(lng), y: mercatorY(lat), scale: 512 * 2 ** map.getZoom() };
}

/** How a picture moves that was drawn at one stand and is seen at another: CSS px, and times about its middle. */
export interface Carry {
  readonly dx: number;
  readonly dy: number;
  readonly times: number;
}

export const carry = (drawn: Stand, now: Stand): Carry => ({
  dx: (drawn.x - now.x) * now.scale,
  dy: (drawn.y - now.y) * now.scale,
  times: now.scale / drawn.scale,
});

/** The share of a view that a carried picture of its size leaves bare. */
export function bareShare({ dx, dy, times }: Carry, view: { width: number; height: number }): number {
  const covered = (length: number, by: number) => {
    const start = Math.max(0, by + (length * (1 - times)) / 2);
    const end = Math.min(length, by + (length * (1 + times)) / 2);
    return Math.max(0, end - start) / length;
  };
  return 1 - covered(view.width, dx) * covered(view.height, dy);
}

/** In motion a canvas is drawn at most so often, and for at most one part in so many of the time. */
const freshMs = 400;
const restFactor = 4;

/** A canvas over the map that goes with it without being drawn anew: moving what is drawn costs next to nothing. */
export function createCarried(map: MapLibreMap, canvas: HTMLCanvasElement) {
  let drawn: Stand | undefined;
  let freshUntilMs = Number.NEGATIVE_INFINITY;
  const place = (): Carry => (drawn ? carry(drawn, standOf(map)) : { dx: 0, dy: 0, times: 1 });
  return {
    /** It was drawn just now, from `beganMs` on by the page's clock, or for the stand that is given. */
    drawnAt(stand: Stand = standOf(map), beganMs = performance.now()) {
      const nowMs = performance.now();
      drawn = stand;
      freshUntilMs = nowMs + Math.max(freshMs, restFactor * (nowMs - beganMs));
      canvas.style.transform = '';
    },
    follow() {
      const { dx, dy, times } = place();
      canvas.style.transform = `translate(${dx}px, ${dy}px) scale(${times})`;
    },
    place,
    /** It was drawn so lately, for what that costs, that a map in motion carries it on. */
    isFresh: () => performance.now() < freshUntilMs,
  };
}
