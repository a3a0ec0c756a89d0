import type { Message } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { connectPublisher } from '../transport/mqtt/publisher.ts';
import { publicationOf } from './encode.ts';

export const mqttJsonFaults = [
  'silence',
  'duplicate',
  'outOfOrder',
  'badJson',
  'megabyte',
  'reconnectStorm',
] as const;
type MqttJsonFault = (typeof mqttJsonFaults)[number];

export interface MqttJsonSimulatorOptions {
  readonly source: Source;
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
}

interface Publication {
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

/** A line as it was recorded: a topic, a space, a payload. */
function publicationOfLine(bytes: Uint8Array): Publication {
  const at = bytes.indexOf(0x20);
  const topic = Buffer.from(bytes.subarray(0, Math.max(at, 0))).toString('utf8');
  return { topic, payload: bytes.subarray(at + 1) };
}

/** Simulated devices that publish over MQTT at QoS 1. Bytes are lines of topic and payload. */
export async function simulateMqttJson(options: MqttJsonSimulatorOptions): Promise<Simulator> {
  const { url, clientId, username, password } = options;
  const publisher = await connectPublisher({ url, clientId, username, password });
  const stopped = new AbortController();
  const switches = new Switches<MqttJsonFault>(mqttJsonFaults);
  let late: Publication | undefined;

  const send = async ({ topic, payload }: Publication): Promise<void> => {
    await publisher.publish(topic, payload);
    if (switches.has('duplicate')) await publisher.publish(topic, payload);
    if (switches.has('badJson')) await publisher.publish(topic, payload.slice(0, -3));
    if (switches.has('megabyte')) await publisher.publish(topic, Buffer.alloc(1 << 20, 0x78));
    if (switches.has('reconnectStorm')) publisher.drop();
  };
  const say = async (item: Message | Uint8Array): Promise<void> => {
    if (switches.has('silence')) return;
    const publication = item instanceof Uint8Array ? publicationOfLine(item) : publicationOf(item);
    if (switches.has('outOfOrder') && late === undefined) {
      late = publication;
      return;
    }
    await send(publication);
    if (late !== undefined) await send(late);
    late = undefined;
  };
  const done = consume(options.source, stopped.signal, say).then(async () => {
    if (late !== undefined) await send(late);
  });
  return {
    config: { url, topic: '#' },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await publisher.close();
    },
  };
}
