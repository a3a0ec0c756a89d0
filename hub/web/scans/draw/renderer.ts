import { classTable } from '../material/class-table.ts';
import { arealMass, type BeamCurves } from '../material/curves.ts';
import { maxDepth } from '../pixels/depth.ts';
import type { Extent } from '../pixels/levels.ts';
import { createGpu, createTexture } from './gpu.ts';
import { createGpuTiles, type Planes } from './gpu-tiles.ts';
import { paletteData, paletteRows } from './palette.ts';
import type { Quad } from './plan.ts';
import type { Point, Size, View } from './view.ts';
import { endsOf, type Window } from './window.ts';

/** How dots are coloured. */
export interface Paint {
  readonly mode: 'grey' | 'material' | 'mass' | 'organic' | 'metal';
  /** Plane that brightness comes from. */
  readonly plane: number;
  readonly window: Window;
  readonly gamma: number;
  readonly inverted: boolean;
  readonly edges: boolean;
}

/** A part of the canvas, CSS px, with the view that it shows. */
export interface Pane {
  readonly at: Point;
  readonly size: Size;
  readonly view: View;
  readonly quads: readonly Quad[];
}

export interface Renderer {
  /** Draws panes over each other; says whether there is more to work out, so that another frame is needed. */
  draw(size: Size, dots: number, extent: Extent, panes: readonly Pane[], paint: Paint): boolean;
  /** Bytes of tiles on the card. */
  bytes(): number;
  remove(): void;
}

export interface Scanner extends Planes {
  readonly airLevel: number;
  readonly curves: BeamCurves | undefined;
}

const modes = { grey: 0, material: 1, mass: 2, organic: 3, metal: 4 } as const;
const edgeGain = 1.6;

/** Draws a scan with WebGL 2. Throws when there is none. */
export function createRenderer(canvas: HTMLCanvasElement, scanner: Scanner, onLost: () => void): Renderer {
  let parts = start(canvas, scanner);
  const lost = (event: globalThis.Event) => event.preventDefault();
  const restored = () => {
    parts = start(canvas, scanner);
    onLost();
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', restored);

  function setPaint(paint: Paint): void {
    const { gl, uniform } = parts.gpu;
    const [from, to] = endsOf(paint.window);
    const { curves } = scanner;
    gl.uniform4f(uniform('window'), to, paint.window.width, 1 / paint.gamma, paint.inverted ? 1 : 0);
    gl.uniform1f(uniform('air'), scanner.airLevel);
    gl.uniform2i(uniform('planes'), paint.plane, scanner.low);
    gl.uniform1i(uniform('mode'), curves || paint.mode === 'grey' ? modes[paint.mode] : 0);
    gl.uniform2f(uniform('ratios'), parts.ratios[0], parts.ratios[1]);
    if (curves) gl.uniform2f(uniform('masses'), arealMass(curves, from), arealMass(curves, to));
  }

  function drawPane(
    size: Size,
    dots: number,
    extent: Extent,
    pane: Pane,
    paint: Paint,
    mayWork: () => boolean,
  ) {
    const { gl, uniform } = parts.gpu;
    const { view } = pane;
    const [left, top] = [pane.at.x * dots, (size.height - pane.at.y - pane.size.height) * dots];
    gl.viewport(left, top, pane.size.width * dots, pane.size.height * dots);
    gl.scissor(left, top, pane.size.width * dots, pane.size.height * dots);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const scaleX = (2 * view.zoom) / pane.size.width;
    const scaleY = (2 * view.zoom) / pane.size.height;
    gl.uniform4f(uniform('toClip'), scaleX, -scaleY, -view.x * scaleX, view.y * scaleY);
    let more = false;
    for (const { tile, from, to } of pane.quads) {
      const { step } = tile.key;
      parts.tiles.bind(tile);
      let cells = false;
      if (paint.mode !== 'grey' && paint.mode !== 'mass' && scanner.curves) {
        const known = parts.tiles.bindCells(tile, scanner, mayWork, performance.now());
        cells = known.there;
        more ||= !known.current;
      }
      const spread = 1 / (view.zoom * dots * step);
      const size4 = [step, spread > 1.001 ? spread : 0, Math.max(1, 4 / step)] as const;
      gl.uniform4f(uniform('sampling'), ...size4, paint.edges ? edgeGain : 0);
      gl.uniform4i(uniform('tile'), tile.rows, tile.filled, tile.column0, scanner.high);
      gl.uniform1i(uniform('hasCells'), cells ? 1 : 0);
      gl.uniform4f(uniform('rect'), from, 0, to, extent.rows);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
    return more;
  }

  return {
    draw(size, dots, extent, panes, paint) {
      const { gl } = parts.gpu;
      if (gl.isContextLost()) return false;
      const [width, height] = [Math.round(size.width * dots), Math.round(size.height * dots)];
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      gl.enable(gl.SCISSOR_TEST);
      gl.clearColor(0, 0, 0, 0);
      setPaint(paint);
      // One tile's materials a frame: the picture stays at hand while they are worked out.
      let worked = false;
      const mayWork = () => {
        const may = !worked;
        worked = true;
        return may;
      };
      let more = false;
      for (const pane of panes) more = drawPane(size, dots, extent, pane, paint, mayWork) || more;
      parts.tiles.trim();
      return more;
    },
    bytes: () => parts.tiles.bytes(),
    remove() {
      canvas.removeEventListener('webglcontextlost', lost);
      canvas.removeEventListener('webglcontextrestored', restored);
      parts.tiles.clear();
      for (const texture of parts.textures) parts.gpu.gl.deleteTexture(texture);
      parts.gpu.gl.deleteProgram(parts.gpu.program);
    },
  };
}

/** Program, tables and an empty set of tiles. */
function start(canvas: HTMLCanvasElement, scanner: Scanner) {
  const gpu = createGpu(canvas);
  const { gl } = gpu;
  const tiles = createGpuTiles(gl);
  const palette = createTexture(gl, 3, {
    internal: gl.RGBA8,
    format: gl.RGBA,
    type: gl.UNSIGNED_BYTE,
    width: 256,
    height: paletteRows,
    linear: true,
  });
  gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, paletteRows, gl.RGBA, gl.UNSIGNED_BYTE, paletteData(256));
  const textures = [palette];
  let ratios: readonly [number, number] = [1, 2];
  if (scanner.curves) {
    const { curves } = scanner;
    const table = classTable(curves);
    ratios = table.ratios;
    const [width, height] = [table.width, table.height];
    const form = { internal: gl.RG8, format: gl.RG, type: gl.UNSIGNED_BYTE, width, height, linear: true };
    textures.push(createTexture(gl, 2, form));
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, gl.RG, gl.UNSIGNED_BYTE, table.data);
    const masses = Float32Array.from({ length: 256 }, (_, i) => arealMass(curves, (i / 255) * maxDepth));
    const line = { internal: gl.R32F, format: gl.RED, type: gl.FLOAT, width: 256, height: 1 };
    textures.push(createTexture(gl, 4, line));
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, 256, 1, gl.RED, gl.FLOAT, masses);
  }
  return { gpu, tiles, textures, ratios };
}
