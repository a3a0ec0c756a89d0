import type { Jt808Command, Reports } from './commands.ts';

/** The terminal's side of the commands of areas: what it makes of their bodies. */
type Area = Exclude<Jt808Command, { readonly do: 'text' }>;

class Reader {
  readonly #view: DataView;
  #at = 0;

  constructor(body: Uint8Array) {
    this.#view = new DataView(body.buffer, body.byteOffset, body.length);
  }

  /** Throws RangeError where the body ends. */
  byte(): number {
    return this.#view.getUint8(this.#at++);
  }
  word(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2);
  }
  double(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4);
  }
  /** Latitude, then longitude. */
  place(south: boolean, west: boolean) {
    const lat = (this.double() / 1e6) * (south ? -1 : 1);
    const lon = (this.double() / 1e6) * (west ? -1 : 1);
    return { lon, lat };
  }
  list<T>(count: number, read: () => T): T[] {
    return Array.from({ length: count }, read);
  }
  end(is2019: boolean): void {
    const nameBytes = is2019 ? this.word() : 0;
    this.#at += nameBytes;
    if (this.#at !== this.#view.byteLength) throw new RangeError('The body has another length.');
  }
}

const bit = (bits: number, at: number) => ((bits >> at) & 1) === 1;
const reportOf = (bits: number): Reports => ({ enter: bit(bits, 3), exit: bit(bits, 5) });

/** Setting, count and number of an area of which a packet may have several; the platform sends one. */
function one(from: Reader): number {
  const [, count] = [from.byte(), from.byte()];
  if (count !== 1) throw new RangeError('It has not one area.');
  return from.double();
}

const readers: Readonly<Record<number, (from: Reader, is2019: boolean) => Area>> = {
  34304(from, is2019) {
    const id = one(from);
    const bits = from.word();
    const place = from.place(bit(bits, 6), bit(bits, 7));
    const radiusM = from.double();
    from.end(is2019);
    return { do: 'circle', id, ...place, radiusM, report: reportOf(bits) };
  },
  34306(from, is2019) {
    const id = one(from);
    const bits = from.word();
    const { lat: north, lon: west } = from.place(bit(bits, 6), bit(bits, 7));
    const { lat: south, lon: east } = from.place(bit(bits, 6), bit(bits, 7));
    from.end(is2019);
    return { do: 'rectangle', id, west, south, east, north, report: reportOf(bits) };
  },
  34308(from, is2019) {
    const id = from.double();
    const bits = from.word();
    const corners = from.list(from.word(), () => from.place(bit(bits, 6), bit(bits, 7)));
    from.end(is2019);
    return { do: 'polygon', id, corners, report: reportOf(bits) };
  },
  34310(from, is2019) {
    const id = from.double();
    const bits = from.word();
    let widthM = 0;
    const points = from.list(from.word(), () => {
      from.double(); // of the turn
      from.double(); // of the section behind it
      const [lat, lon] = [from.double() / 1e6, from.double() / 1e6];
      widthM = from.byte();
      const sides = from.byte();
      return { lon: bit(sides, 3) ? -lon : lon, lat: bit(sides, 2) ? -lat : lat };
    });
    from.end(is2019);
    return { do: 'route', id, points, widthM, report: reportOf(bits) };
  },
};
const forgets = {
  34305: 'forgetCircles',
  34307: 'forgetRectangles',
  34309: 'forgetPolygons',
  34311: 'forgetRoutes',
} as const;
const isForget = (id: number): id is keyof typeof forgets => id in forgets;

/** The area that a command gives, or the areas that it takes away; undefined for a body that is not as its id says. */
export function readArea(id: number, body: Uint8Array, is2019: boolean): Area | undefined {
  const from = new Reader(body);
  try {
    if (isForget(id)) {
      const ids = from.list(from.byte(), () => from.double());
      from.end(false);
      return { do: forgets[id], ids };
    }
    return readers[id]?.(from, is2019);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
