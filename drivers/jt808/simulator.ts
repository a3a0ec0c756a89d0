import type { Message, Position } from '#flows/message';
import { type CallingDevice, callIn, callRaw } from '../call-in-device.ts';
import { consume, drained, type Simulator, type Source, Switches } from '../simulator.ts';
import { readArea } from './areas.ts';
import { locationBody, packetFrom, phoneOf, registerBody, type TerminalLayout } from './encode.ts';
import { type Packet, packetFramer, wrap } from './frame.ts';
import { readHeader, u16 } from './header.ts';
import { ids } from './message.ts';

export const jt808Faults = [
  'silence',
  'garbage',
  'badCheck',
  'cut',
  'divided',
  'backfill',
  'disconnect',
  'noAnswer',
] as const;
type Jt808Fault = (typeof jt808Faults)[number];

export interface Jt808SimulatorOptions {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  readonly is2019?: boolean;
  random(): number;
}

/** Packets that a terminal keeps until they are answered; the oldest goes when there are more. */
const maxUnanswered = 2000;

const textId = 0x8300;
/** Areas and routes, given and taken away. */
const isAreaId = (id: number) => id >= 0x8600 && id <= 0x8607;
const results = { done: 0, wrong: 2 };

/** One simulated terminal: registers, authenticates, reports, and repeats what was not answered. */
class Terminal {
  readonly #layout: TerminalLayout;
  readonly #switches: Switches<Jt808Fault>;
  readonly #random: () => number;
  readonly #device: CallingDevice;
  readonly #unanswered = new Map<number, Uint8Array>();
  #serial = 0;
  #ready = false;
  #held: number[][] = [];

  constructor(layout: TerminalLayout, options: Jt808SimulatorOptions, switches: Switches<Jt808Fault>) {
    this.#layout = layout;
    this.#switches = switches;
    this.#random = options.random;
    let framer = packetFramer();
    this.#device = callIn({
      host: options.host,
      port: options.port,
      opened: () => {
        framer = packetFramer();
        this.#ready = false;
        this.#say(ids.register, registerBody(layout, `SIM${layout.phone.slice(-5)}`));
      },
      data: (bytes) => {
        for (const framed of framer.push(bytes)) if ('frame' in framed) this.#hear(framed.frame);
      },
    });
  }

  get waiting(): number {
    return this.#unanswered.size + this.#held.length;
  }

  report(position: Position): void {
    const body = locationBody(position);
    if (this.#switches.has('silence')) return;
    if (this.#switches.has('backfill')) {
      this.#held.push(body);
      if (this.#held.length < 4) return;
    }
    this.#flushHeld();
    if (!this.#switches.has('backfill')) this.#send(ids.location, body);
  }

  async close(): Promise<void> {
    await this.#device.close();
  }

  hangUp(): void {
    this.#device.hangUp();
  }

  /** What was kept in a blind area goes as one batch. */
  #flushHeld(): void {
    const held = this.#held.splice(0);
    if (held.length === 0) return;
    const entries = held.flatMap((body) => [body.length >> 8, body.length & 0xff, ...body]);
    this.#send(ids.locations, [0, held.length, 1, ...entries]);
  }

  #say(id: number, body: readonly number[]): number {
    const serial = this.#serial++ & 0xffff;
    this.#device.send(packetFrom(this.#layout, id, serial, body));
    return serial;
  }

  /** Sends what must be answered. */
  #send(id: number, body: readonly number[]): void {
    const divided = this.#switches.has('divided') && body.length > 8;
    const serial = this.#serial & 0xffff;
    if (divided) this.#serial += 2;
    else this.#serial++;
    const packets = divided ? this.#divide(id, serial, body) : [packetFrom(this.#layout, id, serial, body)];
    const last = (serial + packets.length - 1) & 0xffff;
    this.#unanswered.set(last, Buffer.concat(packets));
    const oldest = this.#unanswered.keys().next().value;
    if (this.#unanswered.size > maxUnanswered && oldest !== undefined) this.#unanswered.delete(oldest);
    if (this.#ready) for (const packet of packets) this.#device.send(this.#spoil(packet));
  }

  /** The same body in two sub-packages. */
  #divide(id: number, serial: number, body: readonly number[]): Uint8Array[] {
    const half = body.length >> 1;
    return [body.slice(0, half), body.slice(half)].map((piece, i) => {
      const whole = packetFrom(this.#layout, id, (serial + i) & 0xffff, piece);
      const framed = packetFramer();
      framed.push(whole.subarray(0, 1));
      const [first] = framed.push(whole.subarray(1));
      const packet = first && 'frame' in first ? first.frame.subarray(0) : new Uint8Array();
      const at = packet.length - piece.length;
      const header = [...packet.subarray(0, at), 0, 2, 0, i + 1];
      header[2] = (header[2] as number) | 0x20;
      return wrap(Uint8Array.from([...header, ...piece]));
    });
  }

  #spoil(packet: Uint8Array): Uint8Array {
    if (this.#switches.has('badCheck')) {
      const spoiled = packet.slice();
      spoiled[14] = (spoiled[14] as number) ^ 1;
      return spoiled;
    }
    if (this.#switches.has('cut')) return packet.subarray(0, 5 + Math.floor(this.#random() * 10));
    if (this.#switches.has('garbage'))
      return Buffer.concat([
        Buffer.from(Array.from({ length: 20 }, () => Math.floor(this.#random() * 256))),
        packet,
      ]);
    return packet;
  }

  #hear(packet: Packet): void {
    const header = readHeader(packet);
    if ('code' in header) return;
    const body = packet.subarray(header.bodyAt);
    if (header.id === 0x8100) {
      const code = [...body.subarray(3)];
      const more = this.#layout.is2019 ? [...Buffer.alloc(35)] : [];
      this.#say(ids.authenticate, this.#layout.is2019 ? [code.length, ...code, ...more] : code);
      return;
    }
    if ((header.id === textId || isAreaId(header.id)) && !this.#switches.has('noAnswer')) {
      const word = (value: number) => [value >> 8, value & 0xff];
      // A terminal says that it has what it understood.
      const understood = header.id === textId || readArea(header.id, body, header.is2019) !== undefined;
      const result = understood ? results.done : results.wrong;
      this.#say(ids.generalReply, [...word(header.serial), ...word(header.id), result]);
    }
    if (header.id !== 0x8001) return;
    if (u16(body, 2) !== ids.authenticate) {
      this.#unanswered.delete(u16(body, 0));
      return;
    }
    this.#ready = true;
    for (const bytes of this.#unanswered.values()) this.#device.send(bytes);
  }
}

const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;

/** Simulated terminals, one for each device of the source, that call in. Positions become location reports. */
export async function simulateJt808(options: Jt808SimulatorOptions): Promise<Simulator> {
  const { source, host, port, is2019 = false } = options;
  const stopped = new AbortController();
  const terminals = new Map<string, Terminal>();
  const switches = new Switches<Jt808Fault>(jt808Faults, (name, on) => {
    if (name === 'disconnect' && on) for (const terminal of terminals.values()) terminal.hangUp();
  });
  const raw = callRaw(host, port);
  const waiting = () => [...terminals.values()].reduce((sum, terminal) => sum + terminal.waiting, 0);
  const done = consume(source, stopped.signal, (item) => {
    if (isBytes(item)) return raw.send(item);
    if (item.kind !== 'position') return;
    const phone = phoneOf(item, is2019);
    let terminal = terminals.get(phone);
    if (!terminal) {
      terminal = new Terminal({ phone, is2019 }, options, switches);
      terminals.set(phone, terminal);
    }
    terminal.report(item);
  }).then(() => drained(waiting, stopped.signal));
  return {
    config: { listen: `${host}:${port}`, devices: ['*'] },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await Promise.all([...terminals.values()].map((terminal) => terminal.close()));
      await raw.close();
    },
  };
}
