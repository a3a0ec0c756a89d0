import type { Message, Position } from '#flows/message';
import { openLineEnd } from '../line-end.ts';
import { consume, drained, type Simulator, type Source, Switches } from '../simulator.ts';
import type { SimulatorPlace } from '../simulator-place.ts';
import { sentencesOf } from './encode.ts';

export const nmeaFaults = [
  'silence',
  'garbage',
  'badChecksum',
  'cut',
  'frozen',
  'stuck',
  'disconnect',
  'clockOff',
] as const;
type NmeaFault = (typeof nmeaFaults)[number];

export interface NmeaSimulatorOptions {
  readonly source: Source;
  readonly place: SimulatorPlace;
  random(): number;
}

/** How far the receiver's clock is off while `clockOff` is on: a week roll-over. */
const clockOffMs = 1024 * 7 * 86_400_000;

const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;

/** A simulated GNSS receiver. Positions become GGA and RMC; bytes go out as they are. */
export async function simulateNmea(options: NmeaSimulatorOptions): Promise<Simulator> {
  const { source, random } = options;
  const stopped = new AbortController();
  const end = await openLineEnd(options.place);
  const switches = new Switches<NmeaFault>(nmeaFaults, (name, on) => {
    if (name === 'disconnect' && on) end.hangUp();
  });
  let frozen: Pick<Position, 'lon' | 'lat'> | undefined;
  /** What a receiver that hangs says again and again, its time included. */
  let stuck: Position | undefined;

  const spoil = (sentence: string): Buffer => {
    if (switches.has('badChecksum')) {
      const star = sentence.lastIndexOf('*');
      const digit = sentence[star + 1] === '0' ? '1' : '0';
      return Buffer.from(`${sentence.slice(0, star + 1)}${digit}${sentence.slice(star + 2)}`, 'latin1');
    }
    if (switches.has('cut')) return Buffer.from(sentence.slice(0, 4 + Math.floor(random() * 20)), 'latin1');
    return Buffer.from(sentence, 'latin1');
  };
  const garbage = () =>
    Buffer.from(Array.from({ length: 1 + Math.floor(random() * 64) }, () => Math.floor(random() * 256)));
  const altered = (position: Position): Position => {
    stuck = switches.has('stuck') ? (stuck ?? position) : undefined;
    if (stuck) return stuck;
    if (!switches.has('frozen')) frozen = undefined;
    else frozen ??= { lon: position.lon, lat: position.lat };
    const off = switches.has('clockOff') ? clockOffMs : 0;
    const time = new Date(Date.parse(position.time ?? '') - off);
    return { ...position, ...frozen, ...(Number.isNaN(time.getTime()) ? {} : { time: time.toISOString() }) };
  };

  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) end.hangUp();
    if (switches.has('silence') || switches.has('disconnect')) return;
    if (switches.has('garbage')) end.send(garbage());
    if (isBytes(item)) {
      end.send(item);
      return drained(() => end.pending, stopped.signal);
    }
    if (item.kind === 'position')
      for (const sentence of sentencesOf(altered(item))) end.send(spoil(sentence));
  });
  return {
    config: end.config,
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await end.close();
    },
  };
}
