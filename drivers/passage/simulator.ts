import type { Message, MessageOf } from '#flows/message';
import { consume, drained, type Simulator, type Source, Switches } from '../simulator.ts';
import type { SimulatorPlace } from '../simulator-place.ts';
import { splitLine } from '../topic-line.ts';
import { httpDevice } from '../transport/http-client.ts';
import { parseAddress } from '../transport/link.ts';
import { connectPublisher } from '../transport/mqtt/publisher.ts';

export const passageFaults = [
  'silence',
  'garbage',
  'noConfidence',
  'badJson',
  'halfRequest',
  'disconnect',
] as const;
type PassageFault = (typeof passageFaults)[number];

export interface PassageSimulatorOptions {
  readonly source: Source;
  readonly place: SimulatorPlace;
  /** Client id at a broker. */
  readonly name: string;
  random(): number;
}

const isBytes = (item: Message | Uint8Array): item is Uint8Array => item instanceof Uint8Array;

/** A passage in one of two forms, in turn: our own, and that of a plate reader. */
function jsonOf(passage: MessageOf<'passage'>, turn: number): string {
  const { object, point, lane, confidence, time, attributes } = passage;
  if (turn % 2 === 0) return JSON.stringify({ object, point, lane, confidence, time, ...attributes });
  return JSON.stringify({
    data_type: 'alpr_results',
    camera_id: point,
    epoch_time: Date.parse(time ?? ''),
    results: [{ plate: object, confidence: confidence * 100 }],
  });
}

/** A way on which reports go out. */
interface Way {
  readonly config: Readonly<Record<string, unknown>>;
  say(json: string, topic: string): void | Promise<void>;
  /** Reports that were not answered yet. */
  readonly waiting: number;
  /** What is no report, where the way can carry such. */
  garbage(bytes: Uint8Array): void | Promise<void>;
  hangUp(): void;
  close(): Promise<void>;
}

function overHttp(host: string, port: number): Way {
  const device = httpDevice(host, port);
  return {
    config: { listen: `${host}:${port}`, devices: ['*'] },
    say: (json) => device.say({ target: '/', json }),
    get waiting() {
      return device.waiting;
    },
    garbage: (bytes) => device.raw(bytes),
    hangUp: () => device.hangUp(),
    close: () => device.close(),
  };
}

async function overMqtt(url: string, clientId: string): Promise<Way> {
  const publisher = await connectPublisher({ url, clientId });
  return {
    config: { url, topic: 'gates/#' },
    say: (json, topic) => publisher.publish(topic, json),
    waiting: 0,
    garbage: (bytes) => publisher.publish('gates/garbage', bytes),
    hangUp: () => publisher.drop(),
    close: () => publisher.close(),
  };
}

/** A simulated gate reader. Bytes are lines of JSON, behind a topic where they were recorded at a broker. */
export async function simulatePassage(options: PassageSimulatorOptions): Promise<Simulator> {
  const { source, place, name, random } = options;
  const stopped = new AbortController();
  const address = parseAddress(place.connect ?? '');
  if (place.url === undefined && !address)
    throw new RangeError('It needs host:port to call in to, or the url of a broker.');
  const way = address ? overHttp(address.host, address.port) : await overMqtt(place.url ?? '', name);
  const switches = new Switches<PassageFault>(passageFaults, (fault, on) => {
    if (fault === 'disconnect' && on) way.hangUp();
  });
  let turn = 0;
  const done = consume(source, stopped.signal, async (item) => {
    if (switches.has('disconnect')) way.hangUp();
    if (switches.has('silence')) return;
    if (switches.has('garbage'))
      await way.garbage(Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))));
    if (switches.has('halfRequest'))
      await way.garbage(Buffer.from('POST / HTTP/1.1\r\nContent-Length: 500\r\n\r\n{"obj'));
    if (isBytes(item)) {
      const { topic, payload } = splitLine(item);
      await way.say(Buffer.from(payload).toString('utf8').trim(), topic ?? 'gates/replayed');
      return;
    }
    if (item.kind !== 'passage') return;
    const json = jsonOf(item, turn++);
    const topic = `gates/${item.point.replace(/[+#/]/g, '-')}`;
    if (switches.has('noConfidence')) await way.say(json.replace('confidence', 'sureness'), topic);
    if (switches.has('badJson')) await way.say(json.slice(0, -3), topic);
    await way.say(json, topic);
  }).then(() => drained(() => way.waiting, stopped.signal));
  return {
    config: way.config,
    done,
    fault: (fault, on) => switches.set(fault, on),
    async stop() {
      stopped.abort();
      await way.close();
    },
  };
}
