import type { Map as MapLibreMap } from 'maplibre-gl';
import { blitMarks, keysInView, type Picture } from './blit.ts';
import { createCarried } from './carried.ts';
import type { Colours } from './colours.ts';
import { createMarkSprites } from './mark-sprites.ts';
import type { ObjectBuffer } from './object-buffer.ts';
import { markSize, projection } from './object-layer.ts';

/** Marks grow with the zoom in steps of this, CSS px: each size is drawn once. */
const sizeStep = 0.5;

/**
 * The objects on a canvas of their own above the map, for machines without a graphics card: there each frame of
 * the map costs tens of milliseconds, and a crowd drawn by a shader seconds. Here a mark is drawn once, and ten
 * thousand are copied from it; what moves draws the map anew no more.
 */
export function createCrowdCanvas(map: MapLibreMap, canvas: HTMLCanvasElement, first: Colours) {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  const marks = createMarkSprites(first);
  const carried = createCarried(map, canvas);
  let buffer: ObjectBuffer | undefined;
  let image: ImageData | undefined;
  let picture: Picture | undefined;
  let frame: number | undefined;
  let size: number | undefined;

  function pictureOf(width: number, height: number): Picture {
    if (picture?.width === width && picture.height === height) {
      picture.pixels.fill(0);
      return picture;
    }
    canvas.width = width;
    canvas.height = height;
    image = context.createImageData(width, height);
    picture = { pixels: new Uint32Array(image.data.buffer), width, height };
    return picture;
  }
  function paint(): void {
    const beganMs = performance.now();
    frame = undefined;
    if (!buffer) {
      carried.drawnAt();
      return;
    }
    const ratio = window.devicePixelRatio;
    const view = projection(map, buffer.originX, buffer.originY);
    // A zoom would draw all marks anew in each size that it passes through: they grow when it has come to rest.
    if (!map.isZooming() || size === undefined)
      size = Math.round(markSize(map.getZoom(), buffer.ids.length) / sizeStep) * sizeStep;
    const sprites = marks.of(size, ratio);
    const keys = keysInView(buffer, view, ratio, (size * 2.2 + 2) * ratio);
    sprites.want(keys);
    const target = pictureOf(Math.round(view.width * ratio), Math.round(view.height * ratio));
    blitMarks(target, buffer, keys, view, ratio, sprites.get);
    if (image) context.putImageData(image, 0, 0);
    carried.drawnAt(undefined, beganMs);
  }
  return {
    /** Draws now: with a frame of the map, so that both move together. */
    paint,
    follow: carried.follow,
    isFresh: carried.isFresh,
    setObjects(next: ObjectBuffer) {
      buffer = next;
      frame ??= requestAnimationFrame(paint);
    },
    setColours(next: Colours) {
      marks.setColours(next);
      frame ??= requestAnimationFrame(paint);
    },
    remove() {
      if (frame !== undefined) cancelAnimationFrame(frame);
    },
  };
}

/** Whether this page's WebGL is drawn by the processor; false without WebGL 2. */
export function drawsInSoftware(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return false;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
