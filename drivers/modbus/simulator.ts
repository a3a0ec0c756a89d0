import type { Message, Reading } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { type DeviceEnd, listenAsDevice } from '../transport/device-end.ts';
import { openPty } from '../transport/pty.ts';
import { modbusCodec } from './codec.ts';
import { type Block, isBits, type Profile } from './profile.ts';
import { beltScale } from './profiles/belt-scale.ts';
import { rtuSlave, tcpSlave } from './slave.ts';

export const modbusFaults = [
  'silence',
  'garbage',
  'late',
  'doubled',
  'cut',
  'merged',
  'echo',
  'foreign',
  'babble',
  'frozen',
  'disconnect',
  'noMove',
  'moveLate',
] as const;
type ModbusFault = (typeof modbusFaults)[number];

export interface ModbusSimulatorOptions {
  /** Readings, each of which becomes the value of its name; bytes are answers that were recorded on such a wire. */
  readonly source: Source;
  readonly wire:
    | { readonly pty: true; readonly path?: string }
    | { readonly host: string; readonly port: number };
  readonly profile?: Profile;
  readonly unit?: number;
  random(): number;
}

/** How long a barrier takes to move, and how long with the fault `moveLate`, ms. */
const moveMs = 150;
const moveLateMs = 2500;
/** Longer than a master waits. */
const lateMs = 450;
const babbleEveryMs = 40;

const isReading = (item: Message): item is Reading => item.kind === 'reading';

/** A simulated device with the registers of a profile, on a pseudo-terminal (RTU) or a socket (TCP). */
export async function simulateModbus(options: ModbusSimulatorOptions): Promise<Simulator> {
  const { wire, random, profile = beltScale, unit = 1 } = options;
  let taken = 0;
  const bank = new Bank(profile, (action) => {
    if (switches.has('noMove')) return;
    if (action === 'take') {
      taken++;
      bank.set('samplerReady', 0);
      later(moveMs, () => {
        bank.set('samplerReady', 1);
        bank.set('samplesTaken', taken);
      });
      return;
    }
    const moved = () => {
      bank.set('barrierOpen', action === 'open' ? 1 : 0);
      bank.set('barrierClosed', action === 'open' ? 0 : 1);
    };
    later(switches.has('moveLate') ? moveLateMs : moveMs, moved);
  });
  if (profile.writes) bank.set('barrierClosed', 1);
  if (profile.writes) bank.set('samplerReady', 1);
  const stopped = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  let end: DeviceEnd | undefined;
  const later = (ms: number, run: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
  const switches = new Switches<ModbusFault>(modbusFaults, (name, on) => {
    if (name === 'disconnect' && on) end?.hangUp();
    if (name === 'babble' && on) babble();
  });
  const babble = () => {
    if (!switches.has('babble') || stopped.signal.aborted) return;
    end?.send(Uint8Array.from({ length: 5 }, () => Math.floor(random() * 256)));
    later(babbleEveryMs, babble);
  };
  const send = (frame: Uint8Array): void => end?.send(frame);
  const spoil = (frame: Uint8Array): Uint8Array => {
    if (switches.has('garbage')) return frame.map((byte) => (random() < 0.2 ? byte ^ 0x11 : byte));
    if (switches.has('cut')) return frame.subarray(0, Math.floor(random() * frame.length));
    if (switches.has('merged')) return Buffer.concat([frame, frame]);
    return switches.has('foreign') ? spoilUnit(frame, 'pty' in wire) : frame;
  };
  const answer = (frame: Uint8Array, request: Uint8Array) => {
    if (switches.has('silence') || switches.has('disconnect')) return;
    if (switches.has('late')) {
      later(lateMs, () => send(frame));
      return;
    }
    if (switches.has('echo') && 'pty' in wire) send(request);
    send(spoil(frame));
    if (switches.has('doubled')) later(2, () => send(frame));
  };
  let request: Uint8Array = new Uint8Array();
  const slave =
    'pty' in wire
      ? rtuSlave(unit, bank, (frame) => answer(frame, request))
      : tcpSlave(bank, (frame) => answer(frame, request));
  const heard = (bytes: Uint8Array) => {
    request = bytes.slice();
    slave(bytes);
  };
  end = 'pty' in wire ? await openPty(heard, wire.path) : await listenAsDevice(wire.host, wire.port, heard);
  const device = end;
  // Recorded answers: their registers are answered with from then on.
  const codec = modbusCodec(profile, !('pty' in wire));
  const framer = codec.framer();
  const hear = (bytes: Uint8Array) => {
    for (const framed of framer.push(bytes)) {
      const decoded = 'frame' in framed ? codec.decode(framed.frame) : framed;
      if ('parts' in decoded) for (const { block, data } of decoded.parts) bank.replay(block, data);
    }
  };
  const done = consume(options.source, stopped.signal, (item) => {
    if (item instanceof Uint8Array) hear(item);
    else if (isReading(item) && !switches.has('frozen')) bank.set(item.name, item.value);
  });
  return {
    config: {
      ...('pty' in wire ? { path: device.address } : { connect: device.address }),
      profile: profile.id,
      unit,
    },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      for (const timer of timers) clearTimeout(timer);
      await device.close();
    },
  };
}

/** The same answer, from another unit: with a right check sum on a serial line. */
function spoilUnit(frame: Uint8Array, serial: boolean): Uint8Array {
  const spoiled = frame.slice();
  const at = serial ? 0 : 6;
  spoiled[at] = ((spoiled[at] as number) + 1) & 0xff;
  return spoiled;
}

/** The registers of a profile with the values that were said last; every one counts as a new result. */
class Bank {
  readonly #profile: Profile;
  readonly #words = new Map<string, number>();
  readonly #moves: (action: 'open' | 'close' | 'take') => void;
  #sequence = 0;

  constructor(profile: Profile, moves: (action: 'open' | 'close' | 'take') => void) {
    this.#profile = profile;
    this.#moves = moves;
    for (const block of profile.blocks) {
      if (block.status) this.#words.set(key(block, block.status.at), block.status.good);
      for (const reading of block.readings) this.#put(block, reading, reading.min ?? 0);
    }
  }

  set(name: string, value: number): void {
    this.#sequence++;
    for (const block of this.#profile.blocks) {
      for (const reading of block.readings) if (reading.name === name) this.#put(block, reading, value);
      if (!block.sequence) continue;
      const wide = block.sequence.type === 'u32';
      if (wide) this.#words.set(key(block, block.sequence.at), (this.#sequence >>> 16) & 0xffff);
      this.#words.set(key(block, block.sequence.at + (wide ? 1 : 0)), this.#sequence & 0xffff);
    }
  }

  /** What was read of a block once. */
  replay(index: number, data: Uint8Array): void {
    const block = this.#profile.blocks[index];
    if (!block) return;
    const bits = isBits(block);
    for (let i = 0; i < block.count; i++) {
      const bit = ((data[i >> 3] as number) >> (i & 7)) & 1;
      const word = ((data[2 * i] as number) << 8) | (data[2 * i + 1] as number);
      this.#words.set(key(block, i), bits ? bit : word);
    }
  }

  write(coil: number, on: boolean): boolean {
    const write = this.#profile.writes?.find((known) => known.coil === coil && known.on === on);
    if (write) this.#moves(write.action);
    return write !== undefined;
  }

  word(functionCode: number, address: number): number {
    return this.#words.get(`${functionCode} ${address}`) ?? 0;
  }

  /** In big order, which the profiles that are shipped have. */
  #put(block: Block, { at, type, scale, offset }: Block['readings'][number], value: number): void {
    const raw = (value - offset) / scale;
    const view = new DataView(new ArrayBuffer(8));
    let words = 1;
    if (type === 'f32') {
      view.setFloat32(0, raw);
      words = 2;
    } else if (type === 'u32' || type === 'i32') {
      view.setUint32(0, Math.round(raw) >>> 0);
      words = 2;
    } else view.setInt16(0, Math.round(raw));
    for (let i = 0; i < words; i++) this.#words.set(key(block, at + i), view.getUint16(2 * i));
  }
}

const key = (block: Block, at: number) => `${block.functionCode} ${block.address + at}`;
