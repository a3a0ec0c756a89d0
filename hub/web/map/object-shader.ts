/** Every object is one quad; the fragment shader cuts its shape out of it, sharp at any size. */
export const vertexShader = `#version 300 es
precision highp float;
layout(location = 0) in vec2 corner;
layout(location = 1) in vec4 thing;
uniform vec2 offset;   // of the origin from the view's corner, px
uniform float scale;   // px per mercator unit
uniform vec2 view;     // px
uniform float size;    // radius of a mark, px
out vec2 place;
flat out int code;
flat out vec2 heading;
void main() {
  code = int(thing.w + 0.5);
  heading = vec2(sin(thing.z), -cos(thing.z));
  // Only what bears a ring or brackets needs room for them: pixels are what a crowd costs.
  float reach = (code & 28) != 0 ? size * 2.2 + 2.0 : (code / 32 == 1 ? size * 1.6 : size * 1.2) + 1.5;
  place = corner * reach;
  vec2 at = thing.xy * scale + offset + place;
  gl_Position = vec4(at.x / view.x * 2.0 - 1.0, 1.0 - at.y / view.y * 2.0, 0.0, 1.0);
}`;

export const fragmentShader = `#version 300 es
precision highp float;
in vec2 place;
flat in int code;
flat in vec2 heading;
uniform float size;
uniform float pixel;   // CSS px per device px
uniform vec3 normal, stale, alarm, chosen, ground, brackets;
out vec4 colour;

float polygon(vec2 p, vec2 a, vec2 b, vec2 c, vec2 d) {
  vec2 v[4] = vec2[4](a, b, c, d);
  float dist = dot(p - v[0], p - v[0]);
  float s = 1.0;
  for (int i = 0, j = 3; i < 4; j = i, i++) {
    vec2 e = v[j] - v[i];
    vec2 w = p - v[i];
    vec2 q = w - e * clamp(dot(w, e) / max(dot(e, e), 1e-6), 0.0, 1.0);
    dist = min(dist, dot(q, q));
    bvec3 c = bvec3(p.y >= v[i].y, p.y < v[j].y, e.x * w.y > e.y * w.x);
    if (all(c) || all(not(c))) s = -s;
  }
  return s * sqrt(dist);
}

float cover(float d) { return 1.0 - smoothstep(-0.5 * pixel, 0.5 * pixel, d); }
vec4 over(vec4 top, vec4 below) { return top + below * (1.0 - top.a); }

void main() {
  int shape = code / 32;
  bool course = (code & 1) != 0, old = (code & 2) != 0, bad = (code & 4) != 0, mine = (code & 8) != 0, marked = (code & 16) != 0;
  // Into the object's own frame: x to starboard, y ahead.
  vec2 p = course ? vec2(dot(place, vec2(-heading.y, heading.x)), dot(place, heading)) : vec2(place.x, -place.y);
  float away = length(place);
  float r = bad || mine ? size * 1.15 : size;
  if (!bad && !mine && !marked && away > size * 1.6 + 1.5) discard;
  float d;
  if (shape == 2) d = polygon(p, vec2(0, r), vec2(r, 0), vec2(0, -r), vec2(-r, 0));
  else if (!course || shape == 3) d = length(p) - r * 0.72;
  else if (shape == 1) d = polygon(p, vec2(0, 1.45 * r), vec2(0.55 * r, 0.2 * r), vec2(0.5 * r, -1.2 * r), vec2(-0.5 * r, -1.2 * r)) ;
  else d = polygon(p, vec2(0, 1.1 * r), vec2(0.85 * r, -0.9 * r), vec2(0, -0.45 * r), vec2(-0.85 * r, -0.9 * r));
  if (shape == 1 && course) d = min(d, polygon(p, vec2(0, 1.45 * r), vec2(-0.55 * r, 0.2 * r), vec2(-0.5 * r, -1.2 * r), vec2(0.5 * r, -1.2 * r)));
  vec3 ink = bad ? alarm : old ? stale : normal;
  // An old position is hollow: its place is where the object was.
  float body = old ? cover(abs(d + 0.9) - 0.9) : cover(d);
  vec4 result = vec4(ink * body, body);
  float halo = cover(d - 1.4) * 0.85;
  result = over(result, vec4(ground * halo, halo));
  if (bad) {
    float ring = cover(abs(away - size * 1.75) - 0.9);
    result = over(result, vec4(alarm * ring, ring));
  }
  if (mine) {
    float ring = cover(abs(away - size * 1.98) - 1.2);
    result = over(result, vec4(chosen * ring, ring));
  }
  if (marked) {
    // Corners of a square, outside of both rings; on the map's ground, so that they are seen on anything.
    vec2 q = abs(place);
    vec2 corner = vec2(max(q.x, q.y) - size * 1.95, size * 1.15 - min(q.x, q.y));
    float edge = max(abs(corner.x), corner.y);
    float outline = cover(edge - 2.0);
    result = over(result, vec4(ground * outline, outline));
    float line = cover(edge - 1.0);
    result = over(vec4(brackets * line, line), result);
  }
  if (result.a < 0.01) discard;
  colour = result;
}`;
