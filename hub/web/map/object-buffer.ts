import type { ObjectState } from '#hub/api/types';
import { freshUntil } from '../format/freshness.ts';
import { sealIsAbnormal } from '../format/severity.ts';
import { mercatorX, mercatorY } from './geometry.ts';

/** Numbers an object takes in the buffer: x, y (mercator from the origin), course (radians), code. */
export const stride = 4;

export const flag = { course: 1, stale: 2, alarm: 4, selected: 8, designated: 16 } as const;
/** Above all flags. */
const shapeUnit = 32;
const shapeOf: Record<ObjectState['kind'], number> = { vehicle: 0, vessel: 1, seal: 2, other: 3 };

export interface ObjectBuffer {
  readonly data: Float32Array;
  readonly ids: readonly string[];
  /** Mercator; taken off each position, so that a float holds it to a centimetre. */
  readonly originX: number;
  readonly originY: number;
}

export interface Marks {
  readonly moment: number;
  readonly alarming: ReadonlySet<string>;
  readonly selected: string | undefined;
  /** Objects that somebody marked for everybody. */
  readonly designated: Pick<ReadonlySet<string>, 'has' | 'keys'>;
}

/** What of an object does not depend on the moment; an object that says something new is a new one. */
interface Packed {
  readonly x: number;
  readonly y: number;
  readonly courseRad: number;
  readonly base: number;
  readonly freshUntilMs: number;
}
const onTop = flag.alarm | flag.selected | flag.designated;

/** Packs objects again and again: of ten thousand only those are looked into that said something since. */
export function createPacker() {
  const known = new WeakMap<ObjectState, Packed>();
  const packedOf = (object: ObjectState): Packed => {
    const packed = known.get(object) ?? pack(object);
    known.set(object, packed);
    return packed;
  };
  /** For the graphics card; what must be seen comes last and so lies on top. */
  return (objects: ReadonlyMap<string, ObjectState>, marks: Marks): ObjectBuffer => {
    const [first] = objects.values();
    const originX = first ? mercatorX(first.lon) : 0.5;
    const originY = first ? mercatorY(first.lat) : 0.5;
    const data = new Float32Array(objects.size * stride);
    const ids: string[] = [];
    const put = (id: string, { x, y, courseRad }: Packed, code: number) => {
      data.set([x - originX, y - originY, courseRad, code], ids.length * stride);
      ids.push(id);
    };
    const above: { id: string; packed: Packed; code: number }[] = [];
    for (const [id, object] of objects) {
      const packed = packedOf(object);
      const code = coded(id, packed, marks);
      if (code & onTop) above.push({ id, packed, code });
      else put(id, packed, code);
    }
    above.sort((a, b) => (a.code & onTop) - (b.code & onTop));
    for (const { id, packed, code } of above) put(id, packed, code);
    return { data, ids, originX, originY };
  };
}

function pack(object: ObjectState): Packed {
  const { lon, lat, kind, courseDeg, seal } = object;
  return {
    x: mercatorX(lon),
    y: mercatorY(lat),
    courseRad: ((courseDeg ?? 0) * Math.PI) / 180,
    base:
      shapeOf[kind] * shapeUnit +
      (courseDeg === undefined ? 0 : flag.course) +
      (seal !== undefined && sealIsAbnormal(seal.state) ? flag.alarm : 0),
    freshUntilMs: freshUntil(object),
  };
}

function coded(id: string, { base, freshUntilMs }: Packed, marks: Marks): number {
  return (
    base |
    (marks.moment > freshUntilMs ? flag.stale : 0) |
    (marks.alarming.has(id) ? flag.alarm : 0) |
    (id === marks.selected ? flag.selected : 0) |
    (marks.designated.has(id) ? flag.designated : 0)
  );
}

/** The shape above the flags. */
export const codeOf = (object: ObjectState, marks: Marks): number =>
  coded(object.object, pack(object), marks);

/** The object nearest to a point of the screen within `reachPx`, the topmost of equals. */
export function pickObject(
  buffer: ObjectBuffer,
  project: { scale: number; offsetX: number; offsetY: number },
  x: number,
  y: number,
  reachPx = 14,
): string | undefined {
  let best = reachPx * reachPx;
  let found: string | undefined;
  for (let i = 0; i < buffer.ids.length; i++) {
    const dx = (buffer.data[i * stride] ?? 0) * project.scale + project.offsetX - x;
    const dy = (buffer.data[i * stride + 1] ?? 0) * project.scale + project.offsetY - y;
    const distance = dx * dx + dy * dy;
    if (distance <= best) {
      best = distance;
      found = buffer.ids[i];
    }
  }
  return found;
}
