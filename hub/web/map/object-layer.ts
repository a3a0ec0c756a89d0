import type { CustomLayerInterface, Map as MapLibreMap } from 'maplibre-gl';
import { type Colours, rgb } from './colours.ts';
import { mercatorX, mercatorY } from './geometry.ts';
import { type ObjectBuffer, stride } from './object-buffer.ts';
import { fragmentShader, vertexShader } from './object-shader.ts';

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
export function projection(map: MapLibreMap, originX: number, originY: number) {
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

/** All objects in one draw call. */
export function createObjectLayer(colours: Colours): ObjectLayer {
  let map: MapLibreMap | undefined;
  let gpu: Gpu | undefined;
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
      gpu = createGpu(gl as WebGL2RenderingContext);
      uploaded = undefined;
    },
    render(anyGl) {
      if (!map || !gpu || !buffer || buffer.ids.length === 0) return;
      const gl = anyGl as WebGL2RenderingContext;
      const at = projection(map, buffer.originX, buffer.originY);
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's own name, not a hook
      gl.useProgram(gpu.program);
      gl.bindVertexArray(gpu.vertices);
      if (uploaded !== buffer) {
        gl.bindBuffer(gl.ARRAY_BUFFER, gpu.things);
        gl.bufferData(gl.ARRAY_BUFFER, buffer.data, gl.DYNAMIC_DRAW);
        uploaded = buffer;
      }
      const set = (name: string) => gl.getUniformLocation(gpu?.program as WebGLProgram, name);
      gl.uniform2f(set('offset'), at.offsetX, at.offsetY);
      gl.uniform1f(set('scale'), at.scale);
      gl.uniform2f(set('view'), at.width, at.height);
      gl.uniform1f(set('size'), markSize(map.getZoom(), buffer.ids.length));
      gl.uniform1f(set('pixel'), at.width / gl.drawingBufferWidth);
      gl.uniform3fv(set('normal'), rgb(paint.object));
      gl.uniform3fv(set('stale'), rgb(paint.stale));
      gl.uniform3fv(set('alarm'), rgb(paint.alarm));
      gl.uniform3fv(set('chosen'), rgb(paint.select));
      gl.uniform3fv(set('ground'), rgb(paint.ground));
      gl.uniform3fv(set('brackets'), rgb(paint.text));
      gl.disable(gl.DEPTH_TEST);
      gl.disable(gl.STENCIL_TEST);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, buffer.ids.length);
      gl.bindVertexArray(null);
    },
  };
}

interface Gpu {
  readonly program: WebGLProgram;
  readonly vertices: WebGLVertexArrayObject;
  readonly things: WebGLBuffer;
}

function createGpu(gl: WebGL2RenderingContext): Gpu {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error('WebGL: no shader');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS))
      throw new Error(`WebGL: ${gl.getShaderInfoLog(shader)}`);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  const vertices = gl.createVertexArray();
  gl.bindVertexArray(vertices);
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
  gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), gl.STATIC_DRAW);
  gl.enableVertexAttribArray(0);
  gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  const things = gl.createBuffer();
  gl.bindBuffer(gl.ARRAY_BUFFER, things);
  gl.enableVertexAttribArray(1);
  gl.vertexAttribPointer(1, stride, gl.FLOAT, false, 0, 0);
  gl.vertexAttribDivisor(1, 1);
  gl.bindVertexArray(null);
  return { program, vertices, things };
}
