import type { Message, MessageOf, Position } from '#flows/message';
import { openLineEnd } from '../line-end.ts';
import { consume, drained, type Simulator, type Source, Switches } from '../simulator.ts';
import type { SimulatorPlace } from '../simulator-place.ts';
import { mmsiOf, reportOf, sentencesOf, voyageOf } from './encode.ts';

export const aisFaults = [
  'silence',
  'garbage',
  'badChecksum',
  'cut',
  'lostPart',
  'unavailable',
  'disconnect',
] as const;
type AisFault = (typeof aisFaults)[number];

export interface AisSimulatorOptions {
  readonly source: Source;
  readonly place: SimulatorPlace;
  random(): number;
}

const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;

/** Reports of one ship between two of its static messages. */
const reportsBetween = 20;

/**
 * A simulated AIS receiver that hears simulated ships of class A. Positions become reports, and now and then who
 * it is, in two sentences, where the source said so; bytes go out as they are.
 */
export async function simulateAis(options: AisSimulatorOptions): Promise<Simulator> {
  const { source, random } = options;
  const stopped = new AbortController();
  const end = await openLineEnd(options.place);
  const switches = new Switches<AisFault>(aisFaults, (name, on) => {
    if (name === 'disconnect' && on) end.hangUp();
  });
  const ships = new Map<string, { reports: number; identity: MessageOf<'identity'> }>();
  let sequence = 0;

  const spoil = (sentence: string): Uint8Array => {
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
  const say = (payload: Parameters<typeof sentencesOf>[0]) => {
    const sentences = sentencesOf(payload, sequence++);
    if (switches.has('lostPart') && sentences.length > 1)
      sentences.splice(Math.floor(random() * sentences.length), 1);
    for (const sentence of sentences) end.send(spoil(sentence));
  };
  const shipOf = ({ device }: Message) => {
    const mmsi = mmsiOf(device);
    let ship = ships.get(mmsi);
    if (!ship) {
      const name = `SIMULATED ${mmsi}`;
      const identity = {
        kind: 'identity' as const,
        device: mmsi,
        quality: 'good' as const,
        name,
        attributes: {},
      };
      ship = { reports: 0, identity };
      ships.set(mmsi, ship);
    }
    return ship;
  };
  const report = (position: Position) => {
    const ship = shipOf(position);
    if (ship.reports++ % reportsBetween === 0 || switches.has('lostPart')) say(voyageOf(ship.identity));
    say(reportOf(position, !switches.has('unavailable')));
  };

  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) end.hangUp();
    if (switches.has('silence') || switches.has('disconnect')) return;
    if (switches.has('garbage')) end.send(garbage());
    if (isBytes(item)) {
      end.send(item);
      return drained(() => end.pending, stopped.signal);
    }
    if (item.kind === 'position') report(item);
    else if (item.kind === 'identity') {
      shipOf(item).identity = item;
      say(voyageOf(item));
    }
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
