import { locationBody, packetFrom, registerBody, type TerminalLayout } from '#drivers/jt808/encode';
import { packetFramer } from '#drivers/jt808/frame';
import { readHeader, u16 } from '#drivers/jt808/header';
import { ids } from '#drivers/jt808/message';
import type { Position } from '#flows/message';
import type { Input } from '../ledger.ts';
import type { Dialect, Heard } from './device.ts';
import { timeOf } from './publisher.ts';

/** Where a truck is in its n-th report, on the grid of a millionth of a degree that the wire has. */
export const placeOf = (n: number) => ({
  lon: (4_000_000 + (n % 900_000)) / 1e6,
  lat: (51_000_000 + Math.floor(n / 900_000)) / 1e6,
});

const positionOf = (input: Input): Position => ({
  kind: 'position',
  device: input.device,
  time: timeOf(input.n),
  quality: 'good',
  attributes: {},
  ...placeOf(input.n),
  fix: true,
});

/** A terminal that speaks JT/T 808: registers, authenticates, reports, and repeats with the same serial. */
export function terminal(phone: string): () => Dialect {
  const layout: TerminalLayout = { phone, is2019: false };
  const serials = new Map<string, number>();
  const inputs = new Map<number, Input>();
  let last = 0;
  const next = () => {
    last = (last + 1) & 0xffff;
    return last;
  };
  const serialOf = (input: Input): number => {
    const known = serials.get(input.id);
    if (known !== undefined) return known;
    const serial = next();
    serials.set(input.id, serial);
    inputs.set(serial, input);
    return serial;
  };
  return () => {
    const framer = packetFramer();
    let authenticating: number | undefined;
    return {
      hello: () => packetFrom(layout, ids.register, next(), registerBody(layout, `SIM${phone.slice(-5)}`)),
      say: (input) => packetFrom(layout, ids.location, serialOf(input), locationBody(positionOf(input))),
      hear(bytes): Heard {
        const acknowledged: Input[] = [];
        let ready = false;
        let answer: Uint8Array | undefined;
        for (const framed of framer.push(bytes)) {
          const header = 'frame' in framed ? readHeader(framed.frame) : undefined;
          if (!header || 'code' in header || !('frame' in framed)) continue;
          const body = framed.frame.subarray(header.bodyAt);
          if (header.id === 0x8100) {
            authenticating = next();
            answer = packetFrom(layout, ids.authenticate, authenticating, [...body.subarray(3)]);
          }
          if (header.id !== 0x8001) continue;
          const serial = u16(body, 0);
          if (u16(body, 2) === ids.authenticate) ready = serial === authenticating;
          const input = u16(body, 2) === ids.location ? inputs.get(serial) : undefined;
          if (!input) continue;
          inputs.delete(serial);
          serials.delete(input.id);
          acknowledged.push(input);
        }
        return { acknowledged, ready, ...(answer ? { answer } : {}) };
      },
      ping: () => packetFrom(layout, ids.heartbeat, next(), []),
    };
  };
}
