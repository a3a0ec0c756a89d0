/** A piece of the scan as one quad; `rect` in pixels of the scan, `toClip` from there to the picture. */
export const vertexShader = `#version 300 es
precision highp float;
uniform vec4 rect;
uniform vec4 toClip;
out vec2 place;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  place = mix(rect.xy, rect.zw, corner);
  gl_Position = vec4(place * toClip.xy + toClip.zw, 0.0, 1.0);
}`;

/**
 * Samples are 16 bit up to here: window and colours are applied to the depth -ln T of each dot. A texture has a
 * column of the scan in each of its rows, as it came from the scanner, one plane beside the other.
 */
export const fragmentShader = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision highp sampler2D;
in vec2 place;
uniform usampler2D pixels;
uniform sampler2D cells, classes, palette, areal;
uniform ivec4 tile;      // rows, columns, first column, plane of high energy
uniform ivec2 planes;    // plane shown in grey, plane of low energy
uniform vec4 sampling;   // pixels a sample, samples between taps (0: one tap), samples a cell, edge gain
uniform vec4 window;     // depth of black, width, 1 / gamma, 1 when inverted
uniform float air;
uniform vec2 ratios;     // of the first and last row of classes
uniform vec2 masses;     // areal mass at the window's two ends
uniform int mode;        // 0 grey, 1 material, 2 mass, 3 organic alone, 4 metal alone
uniform bool hasCells;
out vec4 colour;

float sampleAt(int plane, vec2 at) {
  ivec2 q = clamp(ivec2(floor(at)) - ivec2(tile.z, 0), ivec2(0), ivec2(tile.y - 1, tile.x - 1));
  return float(texelFetch(pixels, ivec2(plane * tile.x + q.y, q.x), 0).r);
}
float depthOf(float value) { return log(air / max(value, 0.5)); }
float depthAt(int plane, vec2 at) {
  float s = sampling.y;
  if (s == 0.0) return depthOf(sampleAt(plane, at));
  float h = s * 0.25;
  return depthOf(0.25 * (sampleAt(plane, at + vec2(-h, -h)) + sampleAt(plane, at + vec2(h, -h))
    + sampleAt(plane, at + vec2(-h, h)) + sampleAt(plane, at + vec2(h, h))));
}
float sharpened(int plane, vec2 at) {
  float d = depthAt(plane, at);
  if (sampling.w == 0.0) return d;
  float r = max(1.0, sampling.y);
  float around = depthOf(sampleAt(plane, at + vec2(r, 0))) + depthOf(sampleAt(plane, at - vec2(r, 0)))
    + depthOf(sampleAt(plane, at + vec2(0, r))) + depthOf(sampleAt(plane, at - vec2(0, r)));
  return d + sampling.w * (d - 0.25 * around);
}
float brightness(float depth) {
  float g = pow(clamp((window.x - depth) / window.y, 0.0, 1.0), window.z);
  return window.w > 0.5 ? 1.0 - g : g;
}
vec3 cellAt(ivec2 at) {
  ivec2 size = textureSize(cells, 0);
  return texelFetch(cells, clamp(at.yx, ivec2(0), size - 1), 0).rgb;
}
// Class and sureness of the region: of the four cells around, those count that are as deep as this dot.
vec2 classOf(vec2 at, float depth) {
  vec2 c = (at - vec2(tile.z, 0)) / sampling.z - 0.5;
  ivec2 i = ivec2(floor(c));
  vec2 f = c - vec2(i);
  vec3 sum = vec3(0.0);
  float total = 0.0;
  for (int k = 0; k < 4; k++) {
    ivec2 o = ivec2(k & 1, k >> 1);
    vec3 cell = cellAt(i + o);
    vec2 near = mix(1.0 - f, f, vec2(o));
    float weight = (near.x * near.y + 0.001) * (0.02 + cell.z) / (0.03 + abs(cell.x - depth));
    sum += cell * weight;
    total += weight;
  }
  sum /= total;
  vec2 known = texture(classes, vec2(sum.x / 10.0, (sum.y - ratios.x) / (ratios.y - ratios.x))).rg;
  // Unsure is grey, not pale: half a colour would be read as one.
  return vec2(known.x * 3.0, smoothstep(0.25, 0.75, known.y) * smoothstep(0.25, 0.75, sum.z));

}
vec3 paint(float row, float g) {
  float x = (g * 255.0 + 0.5) / 256.0;
  return texture(palette, vec2(x, (row + 0.5) / 5.0)).rgb;
}
float massOf(float depth) {
  float x = clamp(depth / 10.0 * 255.0, 0.0, 254.99);
  int i = int(x);
  return mix(texelFetch(areal, ivec2(i, 0), 0).r, texelFetch(areal, ivec2(i + 1, 0), 0).r, x - float(i));
}

void main() {
  vec2 at = place / sampling.x;
  float depth = sharpened(planes.x, at);
  float g = brightness(depth);
  vec3 plain = vec3(g * (254.0 / 255.0));
  if (mode == 2) {
    float share = clamp((masses.y - massOf(depth)) / max(masses.y - masses.x, 1e-6), 0.0, 1.0);
    g = pow(share, window.z);
    colour = vec4(paint(4.0, window.w > 0.5 ? 1.0 - g : g), 1.0);
  } else if (mode == 0 || !hasCells) {
    colour = vec4(plain, 1.0);
  } else {
    vec2 known = classOf(at, depthAt(tile.w, at));
    vec3 inked = mix(plain, paint(known.x, g), known.y);
    if (mode == 1) colour = vec4(inked, 1.0);
    else {
      float wanted = mode == 3 ? 1.0 - smoothstep(0.35, 0.9, known.x) : smoothstep(1.35, 1.8, known.x);
      vec3 faint = window.w > 0.5 ? plain * 0.25 : 0.78 + plain * 0.22;
      colour = vec4(mix(faint, inked, wanted * known.y), 1.0);
    }
  }
}`;
