import type { ObjectState } from '#hub/api/types';
import { isStale } from '../format/freshness.ts';
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

/** Packs the objects for the graphics card; what must be seen comes last and so lies on top. */
export function packObjects(objects: ReadonlyMap<string, ObjectState>, marks: Marks): ObjectBuffer {
  const coded = [...objects.values()].map((object) => ({ object, code: codeOf(object, marks) }));
  const onTop = (code: number) => code & (flag.alarm | flag.selected | flag.designated);
  coded.sort((a, b) => onTop(a.code) - onTop(b.code));
  const first = coded[0]?.object;
  const originX = first ? mercatorX(first.lon) : 0.5;
  const originY = first ? mercatorY(first.lat) : 0.5;
  const data = new Float32Array(coded.length * stride);
  coded.forEach(({ object, code }, i) => {
    data[i * stride] = mercatorX(object.lon) - originX;
    data[i * stride + 1] = mercatorY(object.lat) - originY;
    data[i * stride + 2] = ((object.courseDeg ?? 0) * Math.PI) / 180;
    data[i * stride + 3] = code;
  });
  return { data, ids: coded.map(({ object }) => object.object), originX, originY };
}

/** The shape above the flags. */
export function codeOf(object: ObjectState, { moment, alarming, selected, designated }: Marks): number {
  const alarm =
    alarming.has(object.object) || (object.seal !== undefined && sealIsAbnormal(object.seal.state));
  return (
    shapeOf[object.kind] * shapeUnit +
    (object.courseDeg === undefined ? 0 : flag.course) +
    (isStale(object, moment) ? flag.stale : 0) +
    (alarm ? flag.alarm : 0) +
    (object.object === selected ? flag.selected : 0) +
    (designated.has(object.object) ? flag.designated : 0)
  );
}

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
