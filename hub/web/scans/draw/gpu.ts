import { linkProgram } from '../../parts/webgl-program.ts';
import { fragmentShader, vertexShader } from './shader.ts';

/** What the renderer has on the card beside the tiles. */
export interface Gpu {
  readonly gl: WebGL2RenderingContext;
  readonly program: WebGLProgram;
  uniform(name: string): WebGLUniformLocation | null;
}

export function createGpu(canvas: HTMLCanvasElement): Gpu {
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, premultipliedAlpha: true });
  if (!gl) throw new Error('WebGL 2 is not to be had');
  const program = linkProgram(gl, vertexShader, fragmentShader);
  // biome-ignore lint/correctness/useHookAtTopLevel: WebGL's own name, not a hook
  gl.useProgram(program);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  const known = new Map<string, WebGLUniformLocation | null>();
  const uniform = (name: string) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const location = gl.getUniformLocation(program, name);
    known.set(name, location);
    return location;
  };
  for (const [unit, name] of ['pixels', 'cells', 'classes', 'palette', 'areal'].entries())
    gl.uniform1i(uniform(name), unit);
  return { gl, program, uniform };
}

export interface TextureForm {
  readonly internal: number;
  readonly format: number;
  readonly type: number;
  readonly width: number;
  readonly height: number;
  /** Between samples: linear, or the nearest one. */
  readonly linear?: boolean;
}

/** A texture of fixed size, bound to `unit`. */
export function createTexture(gl: WebGL2RenderingContext, unit: number, form: TextureForm): WebGLTexture {
  const texture = gl.createTexture();
  const filter = form.linear ? gl.LINEAR : gl.NEAREST;
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.texStorage2D(gl.TEXTURE_2D, 1, form.internal, form.width, form.height);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}
