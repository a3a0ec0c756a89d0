import { jt808Codec } from '#drivers/jt808/codec';
import { locationBody, packetFrom } from '#drivers/jt808/encode';
import { identify } from '#drivers/stamp';
import { compileFlow } from '#flows/compile/compile';
import type { FlowDocument } from '#flows/flow';
import type { Message, Position } from '#flows/message';
import { stages } from '#flows/registry';
import type { FlowInstance } from '#flows/runtime';
import { seededRandom } from '../path/random.ts';
import { type Case, corner, makeFences } from './inputs.ts';
import { dropped, onDisk, type Sink } from './sink.ts';

const pieceBytes = 16_384;
/** Messages between two looks at what changed, as a box commits them. */
const groupMessages = 1000;
const stepDegrees = 0.002;

const document: FlowDocument = {
  id: 'bytes',
  version: 1,
  nodes: [
    { id: 'trucks', driver: 'jt808', config: { listen: '127.0.0.1:0', devices: [] } },
    { id: 'fences', stage: 'geofence', config: { fences: 'port' } },
    { id: 'out', stage: 'emit', config: { priority: 'alarm' } },
  ],
  wires: [
    { from: 'trucks', to: 'fences', buffer: { capacity: 1024, overflow: 'block' } },
    { from: 'fences', to: 'out', buffer: { capacity: 1024, overflow: 'block' } },
  ],
};

/** One report of every vehicle, as JT/T 808 bytes in pieces, the round after round 200 m farther on. */
function* reports(vehicles: number, degrees: number, round: number): Generator<Uint8Array> {
  const random = seededRandom(3);
  let packets: Uint8Array[] = [];
  let length = 0;
  for (let vehicle = 0; vehicle < vehicles; vehicle++) {
    const [x, y, angle] = [random() * degrees, random() * degrees, random() * 2 * Math.PI];
    const phone = `0138${String(vehicle).padStart(8, '0')}`;
    const position: Position = {
      kind: 'position',
      device: phone,
      time: new Date(Date.UTC(2026, 2, 1) + round * 10_000).toISOString(),
      quality: 'good',
      lon: corner.lon + x + Math.cos(angle) * stepDegrees * round,
      lat: corner.lat + y + Math.sin(angle) * stepDegrees * round,
      speedKph: 70,
      courseDeg: 10,
      altitudeM: 3,
      fix: true,
      attributes: {},
    };
    packets.push(packetFrom({ phone, is2019: false }, 0x0200, vehicle & 0xffff, locationBody(position)));
    length += packets.at(-1)?.length ?? 0;
    if (length < pieceBytes && vehicle < vehicles - 1) continue;
    yield Buffer.concat(packets);
    packets = [];
    length = 0;
  }
}

/**
 * How far positions go: to messages; into a flow whose state holds every vehicle, with a fence alone; to events of all
 * fences; with events and state on disk.
 */
export const steps = ['messages', 'state', 'events', 'committed'] as const;
export type Step = (typeof steps)[number];

/** Rounds that are not counted: every vehicle is known after the first, and what they do in the next ones is compiled. */
const warmUp = (vehicles: number) => Math.max(4, Math.ceil(100_000 / vehicles));

/** Pieces of bytes, round after round: made beforehand, since making them costs more than reading them. */
export const bytesOf = (one: Case, vehicles: number, rounds: number): Uint8Array[][] =>
  Array.from({ length: warmUp(vehicles) + rounds }, (_, round) => [...reports(vehicles, one.degrees, round)]);

function flowOf(one: Case, step: Step, emit: Sink['emit']): FlowInstance | undefined {
  if (step === 'messages') return undefined;
  const { type, features } = makeFences(one);
  const set = { type, version: 1, features: step === 'state' ? features.slice(0, 1) : features };
  return compileFlow(document, stages, {
    clock: { now: () => Date.UTC(2026, 2, 1) },
    resources: { fenceSet: () => set },
    seed: 0,
    emit,
    fail: (error) => {
      throw new Error(error.detail);
    },
    wake: () => {},
    credit: () => {},
    changed: () => {},
  });
}

/**
 * From the bytes of JT/T 808 terminals to fence events: frames, decoding, the flow with its stages and its state, and
 * last the commit; or up to a step on that way. Positions for a second of the process's own time, in the rounds after the first.
 */
export function fromBytes(
  one: Case,
  vehicles: number,
  pieces: readonly (readonly Uint8Array[])[],
  step: Step,
): { perSecond: number; events: number } {
  let events = 0;
  const sink = step === 'committed' ? onDisk() : dropped;
  const flow = flowOf(one, step, (emission) => {
    events += 1;
    sink.emit(emission);
  });
  const codec = jt808Codec();
  const framer = codec.framer();
  let state = codec.initial();
  let taken = 0;
  const stamp = {};
  const take = (piece: Uint8Array) => {
    for (const framed of framer.push(piece)) {
      const decoded = 'problem' in framed ? framed : codec.decode(framed.frame);
      if ('problem' in decoded) throw new Error(decoded.problem.message);
      for (const part of decoded.parts) {
        const [next, made] = codec.assemble(state, part, 0);
        state = next;
        for (const message of made as Message[]) {
          identify(stamp, message);
          flow?.push('trucks', message);
          if (++taken % groupMessages === 0 && flow) sink.group(flow);
        }
      }
    }
  };
  const warm = warmUp(vehicles);
  for (const piece of pieces.slice(0, warm).flat()) take(piece);
  events = 0;
  const begin = process.cpuUsage();
  for (const piece of pieces.slice(warm).flat()) take(piece);
  const { user, system } = process.cpuUsage(begin);
  flow?.stop();
  sink.close();
  if (taken !== vehicles * pieces.length)
    throw new Error(`${taken} positions came of ${vehicles * pieces.length}`);
  return { perSecond: (vehicles * (pieces.length - warm) * 1e6) / (user + system), events };
}
