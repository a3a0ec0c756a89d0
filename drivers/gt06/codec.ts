import type { Message } from '#flows/message';
import type { Codec } from '../driver.ts';
import { faults } from '../faults.ts';
import { type Gt06Packet, gt06Framer, maxFrameBytes } from './frame.ts';
import { readLocation } from './location.ts';
import { locations, types } from './types.ts';

export interface Gt06Part {
  readonly packet: Gt06Packet;
  /** Of a login: fifteen digits. */
  readonly imei?: string;
  /** Of a login that tells its time zone. */
  readonly offsetMinutes?: number;
}

export interface Gt06State {
  imei?: string;
  /** Of the terminal's times from UTC. */
  offsetMinutes: number;
}

function readLogin(packet: Gt06Packet): Gt06Part | undefined {
  const { body } = packet;
  const digits = Buffer.from(body.subarray(0, 8)).toString('hex');
  if (body.length < 8 || !/^\d{16}$/.test(digits)) return undefined;
  const imei = digits.slice(1);
  if (body.length < 12) return { packet, imei };
  // Hours times 100 and minutes in twelve bits, then the sign: 1 is west of Greenwich.
  const zone = ((body[10] as number) << 8) | (body[11] as number);
  const minutes = Math.floor((zone >> 4) / 100) * 60 + ((zone >> 4) % 100);
  return { packet, imei, offsetMinutes: zone & 8 ? -minutes : minutes };
}

/** `offsetMinutes` of the config stands above what a terminal says at its login. */
export const gt06Codec = (
  config: { readonly utcOffsetMinutes?: number } = {},
): Codec<Gt06Packet, Gt06Part, Gt06State> => ({
  maxFrameBytes,
  framer: gt06Framer,
  fromHex(bytes) {
    const framer = gt06Framer();
    return [...framer.push(bytes), ...framer.end()];
  },
  decode(packet) {
    const { type, body } = packet;
    if (type === types.login) {
      const login = readLogin(packet);
      if (!login) return { problem: faults.problem('gt06.body', { type: '0x01', bytes: body.length }) };
      return { parts: [login] };
    }
    if (locations.has(type)) {
      const read = readLocation(type, body, 0);
      if ('code' in read) return { problem: read };
    }
    return { parts: [{ packet }] };
  },
  initial: () => ({ offsetMinutes: config.utcOffsetMinutes ?? 0 }),
  assemble(state, part) {
    if (part.imei !== undefined) {
      state.imei = part.imei;
      state.offsetMinutes = config.utcOffsetMinutes ?? part.offsetMinutes ?? 0;
      return [state, []];
    }
    const { type, body } = part.packet;
    if (!locations.has(type)) return [state, []];
    const read = readLocation(type, body, state.offsetMinutes);
    if ('code' in read) return [state, []];
    const message: Message = state.imei === undefined ? read : { ...read, device: state.imei };
    return [state, [message]];
  },
  expire: (state) => [state, [], []],
  deadline: () => undefined,
});
