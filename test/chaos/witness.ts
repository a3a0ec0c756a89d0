import { connectAsync } from 'mqtt';
import { idOf } from './devices/publisher.ts';

/**
 * Listens at a broker beside the box: a broker may take what a device repeats as something new, and only who listens
 * there can tell that from a box that doubles. `heard` gets the input's id, and whether this was a repetition of the broker's.
 */
export async function openWitness(
  port: number,
  topic: string,
  heard: (id: string, again: boolean) => void,
): Promise<{ close(): Promise<void> }> {
  const url = `mqtt://127.0.0.1:${port}`;
  // It waits for a broker that is stopped for a while, as long as that takes.
  const client = await connectAsync(url, { clientId: 'witness', clean: false, keepalive: 0 });
  client.on('message', (_, payload, { dup }) => heard(idOf(payload.toString()), dup));
  await client.subscribeAsync(topic, { qos: 1 });
  return { close: () => client.endAsync(true) };
}
