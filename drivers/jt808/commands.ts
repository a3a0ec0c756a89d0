import { gbkBytes } from './gbk.ts';
import type { Header } from './header.ts';
import { packetTo } from './reply.ts';

/**
 * What the platform tells a terminal to do. The text of JT/T 808 has not been seen: bodies are as two open implementations
 * write them, github.com/SmallChi/JT808 (JT808.Protocol/MessageBody, 0x8300, 0x8600, 0x8602, 0x8604 and 0x8606) and
 * github.com/toggery/java-jt808-messagebody (B8300, B8601, B8602, B8606), which agree where both were read; the other deletions are laid out as 0x8601 is. Without times and speed limits (bits 0
 * and 1 of the attributes) their fields are absent; from 2019 on a name follows. A terminal acknowledges each with its
 * general reply (0x0001: serial, id, result).
 */
export type Jt808Command =
  | {
      readonly do: 'text';
      readonly text: string;
      readonly urgent?: boolean;
      readonly display?: boolean;
      readonly speak?: boolean;
    }
  | {
      readonly do: 'circle';
      readonly id: number;
      readonly lon: number;
      readonly lat: number;
      readonly radiusM: number;
      readonly report?: Reports;
    }
  | {
      readonly do: 'polygon';
      readonly id: number;
      /** At least three corners of one hemisphere, degrees. */
      readonly corners: readonly Place[];
      readonly report?: Reports;
    }
  | {
      readonly do: 'rectangle';
      readonly id: number;
      /** Degrees, all of one hemisphere. */
      readonly west: number;
      readonly south: number;
      readonly east: number;
      readonly north: number;
      readonly report?: Reports;
    }
  | {
      readonly do: 'route';
      readonly id: number;
      /** Turns from the beginning to the end, degrees. */
      readonly points: readonly Place[];
      /** Of the road, whole metres. */
      readonly widthM: number;
      readonly report?: Reports;
    }
  | {
      readonly do: 'forgetCircles' | 'forgetRectangles' | 'forgetPolygons' | 'forgetRoutes';
      readonly ids: readonly number[];
    };

interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** Which crossings the terminal reports to the platform; both unless said. */
export interface Reports {
  readonly enter?: boolean;
  readonly exit?: boolean;
}

export type Terminal = Pick<Header, 'phone' | 'is2019' | 'protocolVersion'>;

const commandIds = {
  text: 0x8300,
  circle: 0x8600,
  forgetCircles: 0x8601,
  rectangle: 0x8602,
  forgetRectangles: 0x8603,
  polygon: 0x8604,
  forgetPolygons: 0x8605,
  route: 0x8606,
  forgetRoutes: 0x8607,
};

const word = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const double = (value: number) => [...word(value >>> 16), ...word(value & 0xffff)];
const micro = (degrees: number) => double(Math.round(Math.abs(degrees) * 1e6));
const maxBodyBytes = 1023;
const maxCorners = 100;
const maxTurns = 50;

/** Attributes of an area: reports of entering (3) and leaving (5), south (6), west (7). */
function areaBits(report: Reports | undefined, lon: number, lat: number): number[] {
  const { enter = true, exit = true } = report ?? {};
  return word((enter ? 8 : 0) | (exit ? 32 : 0) | (lat < 0 ? 64 : 0) | (lon < 0 ? 128 : 0));
}

const isPlace = ({ lon, lat }: Place) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
/** One bit says north or south for all places of an area, one east or west: an area over the line cannot be said. */
const inOneQuarter = (places: readonly Place[]) => {
  const side = ({ lon, lat }: Place) => (lon < 0 ? 1 : 0) + (lat < 0 ? 2 : 0);
  return places.every((place) => isPlace(place) && side(place) === side(places[0] as Place));
};
const isId = (id: number) => Number.isInteger(id) && id >= 0 && id <= 0xffffffff;

function bodyOf(command: Jt808Command, is2019: boolean): number[] {
  switch (command.do) {
    case 'text': {
      const { urgent = false, display = true, speak = true } = command;
      // Until 2013 bit 0 is urgent; from 2019 on bits 0 and 1 are a number: service (1), urgent (2), notification (3).
      const [plain, pressing] = is2019 ? [3, 2] : [0, 1];
      const flags = (urgent ? pressing : plain) | (display ? 4 : 0) | (speak ? 8 : 0);
      return [flags, ...(is2019 ? [1] : []), ...gbkBytes(command.text)];
    }
    case 'circle': {
      const { id, lon, lat, radiusM, report } = command;
      if (!isId(id) || !isPlace(command) || !(radiusM > 0 && radiusM <= 0xffffffff))
        throw new RangeError('A circle needs an id of 32 bits, a place and a radius.');
      const name = is2019 ? word(0) : [];
      // Setting 1 adds to the circles that there are.
      return [
        1,
        1,
        ...double(id),
        ...areaBits(report, lon, lat),
        ...micro(lat),
        ...micro(lon),
        ...double(Math.round(radiusM)),
        ...name,
      ];
    }
    case 'polygon': {
      const { id, corners, report } = command;
      const [first] = corners;
      if (!isId(id) || !first || corners.length < 3 || corners.length > maxCorners || !inOneQuarter(corners))
        throw new RangeError(
          `A polygon needs an id of 32 bits and 3 to ${maxCorners} corners in one quarter of the globe.`,
        );
      const places = corners.flatMap(({ lon, lat }) => [...micro(lat), ...micro(lon)]);
      return [
        ...double(id),
        ...areaBits(report, first.lon, first.lat),
        ...word(corners.length),
        ...places,
        ...(is2019 ? word(0) : []),
      ];
    }
    case 'rectangle': {
      const { id, west, south, east, north, report } = command;
      const places = [
        { lon: west, lat: north },
        { lon: east, lat: south },
      ];
      if (!isId(id) || !inOneQuarter(places) || !(west < east && south < north))
        throw new RangeError(
          'A rectangle needs an id of 32 bits, and its sides in one quarter of the globe.',
        );
      const corners = places.flatMap(({ lon, lat }) => [...micro(lat), ...micro(lon)]);
      return [1, 1, ...double(id), ...areaBits(report, west, north), ...corners, ...(is2019 ? word(0) : [])];
    }
    case 'route': {
      const { id, points, widthM, report } = command;
      const isWidth = Number.isInteger(widthM) && widthM >= 1 && widthM <= 255;
      if (!isId(id) || !isWidth || points.length < 2 || points.length > maxTurns || !points.every(isPlace))
        throw new RangeError(
          `A route needs an id of 32 bits, 2 to ${maxTurns} turns and a width of 1 to 255 m.`,
        );
      // Each turn says for itself on which sides of the globe it lies: south (2), west (3).
      const turns = points.flatMap(({ lon, lat }, i) => [
        ...double(i + 1),
        ...double(i + 1),
        ...micro(lat),
        ...micro(lon),
        widthM,
        (lat < 0 ? 4 : 0) | (lon < 0 ? 8 : 0),
      ]);
      return [
        ...double(id),
        ...areaBits(report, 0, 0),
        ...word(points.length),
        ...turns,
        ...(is2019 ? word(0) : []),
      ];
    }
    default: {
      const { ids } = command;
      if (ids.length > 125 || !ids.every(isId)) throw new RangeError('At most 125 ids of 32 bits at once.');
      return [ids.length, ...ids.flatMap(double)];
    }
  }
}

/** A command as bytes for the wire. Throws RangeError for one that cannot be said to a terminal. */
export function commandPacket(terminal: Terminal, serial: number, command: Jt808Command): Uint8Array {
  const body = bodyOf(command, terminal.is2019);
  if (body.length > maxBodyBytes) throw new RangeError(`A command has at most ${maxBodyBytes} bytes.`);
  return packetTo(terminal, commandIds[command.do], serial, body);
}

/** Result of the general reply to a command; undefined when the body answers another. */
export function commandResult(
  body: Uint8Array,
  serial: number,
  command: Jt808Command,
): 'done' | 'failed' | 'wrong' | 'unsupported' | undefined {
  if (body.length < 5) return undefined;
  const answered = ((body[0] as number) << 8) | (body[1] as number);
  const id = ((body[2] as number) << 8) | (body[3] as number);
  if (answered !== serial || id !== commandIds[command.do]) return undefined;
  return (['done', 'failed', 'wrong', 'unsupported'] as const)[body[4] as number] ?? 'failed';
}
