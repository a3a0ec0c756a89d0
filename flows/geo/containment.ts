import { orient2d } from 'robust-predicates';
import type { Part } from './fences.ts';

/**
 * Point in polygon, exactly: even-odd over all rings, points on edges and vertices inside. Edges are
 * sorted into horizontal bands once, so that a query looks only at those near its latitude; the sign
 * that decides is robust-predicates', which resorts to exact arithmetic where doubles do not settle it.
 */
export interface Container {
  contains(x: number, y: number): boolean;
}

const edgesPerBand = 4;

export function container(part: Part): Container {
  const { edges, minX, minY, maxX, maxY } = part;
  const count = edges.length / 4;
  const bands = Math.max(1, Math.min(4096, Math.ceil(count / edgesPerBand)));
  const perDegree = maxY > minY ? bands / (maxY - minY) : 0;
  // one function for edges and points: it never falls, so an edge is in every band of its points
  const bandOf = (y: number) => Math.min(bands - 1, Math.max(0, Math.floor((y - minY) * perDegree)));
  const starts = new Uint32Array(bands + 1);
  const eachBand = (visit: (edge: number, band: number) => void) => {
    for (let edge = 0; edge < count; edge++) {
      const y1 = edges[edge * 4 + 1] as number;
      const y2 = edges[edge * 4 + 3] as number;
      const last = bandOf(Math.max(y1, y2));
      for (let band = bandOf(Math.min(y1, y2)); band <= last; band++) visit(edge, band);
    }
  };
  eachBand((_, band) => {
    starts[band + 1] = (starts[band + 1] as number) + 1;
  });
  for (let band = 0; band < bands; band++) {
    starts[band + 1] = (starts[band + 1] as number) + (starts[band] as number);
  }
  const next = starts.slice();
  // the coordinates themselves, band by band: one run of memory for a query
  const sorted = new Float64Array((starts[bands] as number) * 4);
  eachBand((edge, band) => {
    const slot = next[band] as number;
    next[band] = slot + 1;
    sorted.set(edges.subarray(edge * 4, edge * 4 + 4), slot * 4);
  });
  return {
    contains(x, y) {
      if (!(x >= minX && x <= maxX && y >= minY && y <= maxY)) return false;
      const band = bandOf(y);
      const end = (starts[band + 1] as number) * 4;
      let inside = false;
      for (let i = (starts[band] as number) * 4; i < end; i += 4) {
        const x1 = sorted[i] as number;
        const y1 = sorted[i + 1] as number;
        const x2 = sorted[i + 2] as number;
        const y2 = sorted[i + 3] as number;
        if (y1 === y && (x1 === x || (y2 === y && x1 > x !== x2 > x))) return true;
        if (y1 > y === y2 > y) continue;
        if (x < x1 && x < x2) {
          inside = !inside;
          continue;
        }
        if (x > x1 && x > x2) continue;
        const side = orient2d(x1, y1, x2, y2, x, y);
        if (side === 0) return true;
        // positive is right of an edge that goes up: the edge lies to the left and does not count
        if (side > 0 !== y2 > y1) inside = !inside;
      }
      return inside;
    },
  };
}
