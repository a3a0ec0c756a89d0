import { createHmac } from 'node:crypto';
import type { Dialogue } from '../call-in-session.ts';
import type { DeviceOrder } from '../command.ts';
import { faults } from '../faults.ts';
import type { OrderPacket } from '../pending-order.ts';
import type { Jt808State, Part } from './codec.ts';
import { wrap } from './frame.ts';
import type { Header } from './header.ts';
import { missing } from './join.ts';
import { authCodeOf, ids } from './message.ts';

/** Results of the platform's general reply. */
export const results = { ok: 0, failed: 1, wrong: 2, unsupported: 3 } as const;

const word = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const bcdBytes = (digits: string) => digits.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];

/** A packet to a terminal, with the layout of the header that it uses itself. */
export function packetTo(
  header: Pick<Header, 'phone' | 'is2019' | 'protocolVersion'>,
  id: number,
  serial: number,
  body: readonly number[],
): Uint8Array {
  const attributes = body.length | (header.is2019 ? 0x4000 : 0);
  const version = header.is2019 ? [header.protocolVersion] : [];
  return wrap(
    Uint8Array.from([
      ...word(id),
      ...word(attributes),
      ...version,
      ...bcdBytes(header.phone),
      ...word(serial),
      ...body,
    ]),
  );
}

/** What a terminal is given at registration and says again: the same after a restart of the box. */
export const authCode = (key: string, phone: string): string =>
  createHmac('sha256', key).update(phone).digest('hex').slice(0, 16);

export interface ReplyOptions {
  /** Of the codes; the box's own. */
  readonly key: string;
  /** Whether a terminal must authenticate with a code of ours before it is believed. */
  readonly authenticate: boolean;
  now(): number;
  /** The state of the link's codec: what waits for pieces. */
  state(): Jt808State | undefined;
  /** An order for the terminal of the link; `next` gives the serial of its packet. */
  order?(order: DeviceOrder, terminal: Header, next: () => number): OrderPacket<Part>;
}

/** The platform's side of one connection: replies once what was said is on disk, requests for lost pieces. */
export function jt808Dialogue(options: ReplyOptions): Dialogue<Part> {
  let serial = 0;
  let last: Header | undefined;
  const asked = new Map<number, number>();
  const next = () => serial++ & 0xffff;
  const send = (header: Header, id: number, body: readonly number[]) => packetTo(header, id, next(), body);
  const general = (header: Header, result: number) =>
    send(header, 0x8001, [...word(header.serial), ...word(header.id), result]);

  return {
    identityOf({ header }) {
      last = header;
      return header.phone;
    },
    order(order) {
      const { device, action } = order;
      if (!last) throw faults.fault('command.absent', { device });
      if (!options.order) throw faults.fault('command.none', { driver: 'jt808', action });
      return options.order(order, last, next);
    },
    answer({ header, body }) {
      last = header;
      switch (header.id) {
        case ids.generalReply:
          return undefined;
        case ids.register: {
          const code = [...Buffer.from(authCode(options.key, header.phone), 'latin1')];
          return send(header, 0x8100, [...word(header.serial), results.ok, ...code]);
        }
        case ids.authenticate: {
          const right = authCodeOf(body, header) === authCode(options.key, header.phone);
          return general(header, right || !options.authenticate ? results.ok : results.failed);
        }
        case ids.serverTime: {
          // Universal time, unlike that of the reports.
          const digits = new Date(options.now()).toISOString().replace(/\D/g, '').slice(2, 14);
          return send(header, 0x8004, bcdBytes(digits));
        }
        default:
          return general(header, results.ok);
      }
    },
    ask(nowMs) {
      const state = options.state();
      if (!last || !state) return [];
      const header = last;
      return missing(state.joining, nowMs - 5_000)
        .filter(({ firstSerial }) => {
          const times = asked.get(firstSerial) ?? 0;
          if (asked.size > 64) asked.clear();
          asked.set(firstSerial, times + 1);
          return times < 3;
        })
        .map(({ firstSerial, indexes }) => {
          const some = indexes.slice(0, 200);
          const count = header.is2019 ? word(some.length) : [some.length];
          return send(header, 0x8003, [...word(firstSerial), ...count, ...some.flatMap(word)]);
        });
    },
  };
}
