import { linkProgram } from '../parts/webgl-program.ts';
import { type Colours, rgb } from './colours.ts';
import { stride } from './object-buffer.ts';
import { fragmentShader, vertexShader } from './object-shader.ts';

/** Where the marks go: all in CSS px, but `scale`, px per unit of the positions. */
export interface MarkView {
  readonly scale: number;
  readonly offsetX: number;
  readonly offsetY: number;
  readonly width: number;
  readonly height: number;
}

export interface MarkProgram {
  /** Positions, courses and codes, `stride` numbers each; they stay until the next. */
  load(data: Float32Array): void;
  /** Draws all that is loaded over what is there; `size` is the radius of a mark, CSS px. */
  draw(view: MarkView, size: number, colours: Colours): void;
}

/** The program that draws marks, all in one call. Throws when the card refuses its shaders. */
export function createMarkProgram(gl: WebGL2RenderingContext): MarkProgram {
  const program = linkProgram(gl, vertexShader, fragmentShader);
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
  let count = 0;
  return {
    load(data) {
      count = data.length / stride;
      gl.bindBuffer(gl.ARRAY_BUFFER, things);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
    },
    draw(at, size, colours) {
      // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's own name, not a hook
      gl.useProgram(program);
      gl.bindVertexArray(vertices);
      const set = (name: string) => gl.getUniformLocation(program, name);
      gl.uniform2f(set('offset'), at.offsetX, at.offsetY);
      gl.uniform1f(set('scale'), at.scale);
      gl.uniform2f(set('view'), at.width, at.height);
      gl.uniform1f(set('size'), size);
      gl.uniform1f(set('pixel'), at.width / gl.drawingBufferWidth);
      gl.uniform3fv(set('normal'), rgb(colours.object));
      gl.uniform3fv(set('stale'), rgb(colours.stale));
      gl.uniform3fv(set('alarm'), rgb(colours.alarm));
      gl.uniform3fv(set('chosen'), rgb(colours.select));
      gl.uniform3fv(set('ground'), rgb(colours.ground));
      gl.uniform3fv(set('brackets'), rgb(colours.text));
      gl.disable(gl.DEPTH_TEST);
      gl.disable(gl.STENCIL_TEST);
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
      gl.bindVertexArray(null);
    },
  };
}
