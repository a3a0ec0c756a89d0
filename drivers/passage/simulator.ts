import type { Message, MessageOf } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { httpDevice } from '../transport/http-client.ts';

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
  readonly host: string;
  readonly port: number;
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

/** A simulated gate reader. Bytes are lines of JSON. */
export async function simulatePassage(options: PassageSimulatorOptions): Promise<Simulator> {
  const { source, host, port, random } = options;
  const stopped = new AbortController();
  const device = httpDevice(host, port);
  const switches = new Switches<PassageFault>(passageFaults, (name, on) => {
    if (name === 'disconnect' && on) device.hangUp();
  });
  let turn = 0;
  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) device.hangUp();
    if (switches.has('silence')) return;
    if (switches.has('garbage'))
      device.raw(Buffer.from(Array.from({ length: 200 }, () => Math.floor(random() * 256))));
    if (switches.has('halfRequest'))
      device.raw(Buffer.from('POST / HTTP/1.1\r\nContent-Length: 500\r\n\r\n{"obj'));
    if (isBytes(item)) device.say({ target: '/', json: Buffer.from(item).toString('utf8').trim() });
    else if (item.kind === 'passage') {
      const json = jsonOf(item, turn++);
      if (switches.has('noConfidence'))
        device.say({ target: '/', json: json.replace('confidence', 'sureness') });
      if (switches.has('badJson')) device.say({ target: '/', json: json.slice(0, -3) });
      device.say({ target: '/', json });
    }
  });
  return {
    config: { listen: `${host}:${port}`, devices: ['*'] },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await device.close();
    },
  };
}
