import type { Map as MapLibreMap } from 'maplibre-gl';

/** Device px per CSS px while the map moves: a quarter of the pixels, and so of the processor's work. */
const movingRatio = 0.5;

/**
 * Without a graphics card the processor draws every pixel of the map anew for each frame of a move. So the ground is
 * drawn coarsely while a hand moves it, and sharp again when it stands; objects and names stay sharp.
 */
export function blurWhileMoving(map: MapLibreMap): void {
  let changing = false;
  const draw = (ratio: number) => {
    if (changing || map.getPixelRatio() === ratio) return;
    // A change of the ratio tells of a move of its own.
    changing = true;
    map.setPixelRatio(ratio);
    changing = false;
  };
  map.on('dragstart', () => draw(movingRatio));
  map.on('zoomstart', () => draw(movingRatio));
  map.on('moveend', () => {
    if (!map.isMoving()) draw(window.devicePixelRatio);
  });
}
