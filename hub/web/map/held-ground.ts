import type { Map as MapLibreMap } from 'maplibre-gl';
import { bareShare, createCarried, type Stand, standOf } from './carried.ts';

/** A picture that leaves more of the view bare is drawn anew, at most once in so many times what that costs. */
const mostBare = 0.33;
const mostTimes = 1.8;
const restFactor = 5;
const leastRestMs = 400;
/** A hand that holds still for so long wants to see. */
const pauseMs = 150;

interface Painter {
  render(...all: unknown[]): void;
}

/** MapLibre has no word for "do not draw this frame": its painter is what draws. */
const painterOf = (map: MapLibreMap): Partial<Painter> | undefined =>
  (map as unknown as { readonly painter?: Partial<Painter> }).painter;

/**
 * Without a graphics card the processor draws every pixel of the map, which takes longer than a frame may. So while the
 * map moves, the ground that was drawn last is held on a canvas of its own and carried along; it is drawn anew when
 * the hand pauses or the move ends, and between when too much of the view is bare. The map has to keep what it
 * drew (`preserveDrawingBuffer`).
 */
export function holdGround(map: MapLibreMap, canvas: HTMLCanvasElement) {
  const context = canvas.getContext('2d', { alpha: false }) as CanvasRenderingContext2D;
  const held = createCarried(map, canvas);
  let painted: Stand | undefined;
  let holding = false;
  let restUntilMs = 0;
  let pause: ReturnType<typeof setTimeout> | undefined;
  let paused = false;

  function show(hold: boolean): void {
    holding = hold;
    canvas.hidden = !hold;
    // Hidden in a way that keeps its focus and its place: the map asks it where the mouse is.
    map.getCanvas().style.opacity = hold ? '0' : '';
  }
  function copy(): void {
    const ground = map.getCanvas();
    if (canvas.width !== ground.width || canvas.height !== ground.height) {
      canvas.width = ground.width;
      canvas.height = ground.height;
    }
    context.drawImage(ground, 0, 0);
    held.drawnAt(painted);
  }
  function isWorn(): boolean {
    if (performance.now() < restUntilMs) return false;
    const place = held.place();
    const { clientWidth: width, clientHeight: height } = canvas;
    return bareShare(place, { width, height }) > mostBare || place.times > mostTimes;
  }
  function frame(paint: () => void): void {
    clearTimeout(pause);
    const draw = () => {
      painted = standOf(map);
      paint();
    };
    if (!map.isMoving() || painted === undefined) {
      draw();
      show(false);
      return;
    }
    if (!holding) copy();
    if (paused || isWorn()) {
      const began = performance.now();
      draw();
      copy();
      const now = performance.now();
      restUntilMs = now + Math.max(leastRestMs, restFactor * (now - began));
    }
    paused = false;
    show(true);
    held.follow();
    pause = setTimeout(() => {
      paused = true;
      map.triggerRepaint();
    }, pauseMs);
  }
  function takeOver(): void {
    const painter = painterOf(map);
    const render = painter?.render;
    if (!painter || !render) return;
    painter.render = (...all) => frame(() => render.apply(painter, all));
  }
  takeOver();
  map.on('webglcontextrestored', takeOver);
  map.on('moveend', () => map.triggerRepaint());
  return {
    /** Whether the ground is carried along in this frame instead of being drawn. */
    isHeld: () => holding,
    remove: () => clearTimeout(pause),
  };
}
