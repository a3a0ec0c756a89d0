/**
 * The outlines of a set of fences in four arrays that a worker can hand over. A fence is the union of its
 * parts; a part is a polygon with its holes, even-odd over its rings. Coordinates in degrees, WGS 84.
 */
export interface Shapes {
  /** Longitude and latitude of every corner in turn; each ring ends with its first corner again. */
  readonly vertices: Float64Array;
  /** First vertex of each ring, and the end of the last. */
  readonly rings: Uint32Array;
  /** First ring of each part, and the end of the last. */
  readonly parts: Uint32Array;
  /** First part of each fence, and the end of the last. */
  readonly fences: Uint32Array;
}

/** Collects outlines ring by ring; what was begun last takes them. */
export interface ShapeBuilder {
  fence(): void;
  part(): void;
  /** A closed ring: its last position is its first. */
  ring(points: readonly (readonly [number, number])[]): void;
  /** Vertices so far. */
  vertexCount(): number;
  shapes(): Shapes;
}

/** `expected`: how many vertices there will be, so that memory is taken once. */
export function shapeBuilder(expected = 512): ShapeBuilder {
  let vertices = new Float64Array(Math.max(1, expected) * 2);
  let used = 0;
  const rings: number[] = [];
  const parts: number[] = [];
  const fences: number[] = [];
  const add = (x: number, y: number) => {
    if (used + 2 > vertices.length) {
      const grown = new Float64Array(vertices.length * 2);
      grown.set(vertices);
      vertices = grown;
    }
    vertices[used++] = x;
    vertices[used++] = y;
  };
  return {
    fence: () => void fences.push(parts.length),
    part: () => void parts.push(rings.length),
    ring(points) {
      rings.push(used / 2);
      for (const [x, y] of points) add(x, y);
    },
    vertexCount: () => used / 2,
    shapes: () => ({
      vertices: used === vertices.length ? vertices : vertices.slice(0, used),
      rings: Uint32Array.from([...rings, used / 2]),
      parts: Uint32Array.from([...parts, rings.length]),
      fences: Uint32Array.from([...fences, parts.length]),
    }),
  };
}

/** West, south, east and north of every part, four numbers each. */
export function boxesOf({ vertices, rings, parts }: Shapes): Float64Array {
  const count = parts.length - 1;
  const boxes = new Float64Array(count * 4);
  for (let part = 0; part < count; part++) {
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    const end = rings[parts[part + 1] as number] as number;
    for (let v = rings[parts[part] as number] as number; v < end; v++) {
      const x = vertices[2 * v] as number;
      const y = vertices[2 * v + 1] as number;
      if (x < minX) minX = x;
      if (x > maxX) maxX = x;
      if (y < minY) minY = y;
      if (y > maxY) maxY = y;
    }
    boxes.set([minX, minY, maxX, maxY], part * 4);
  }
  return boxes;
}

/** Calls `visit` with the first vertex and the number of vertices of every ring of a fence. */
export function eachRing(shapes: Shapes, fence: number, visit: (first: number, count: number) => void): void {
  const { rings, parts, fences } = shapes;
  const end = parts[fences[fence + 1] as number] as number;
  for (let ring = parts[fences[fence] as number] as number; ring < end; ring++) {
    const first = rings[ring] as number;
    visit(first, (rings[ring + 1] as number) - first);
  }
}
