import { connectAsync } from 'mqtt';
import type { Schedule } from './schedule.ts';
import type { Sighting } from './system.ts';
import { monotonicMs } from './wait.ts';

interface Answer {
  readonly device: string;
  readonly tst: number;
  readonly fence?: string;
  readonly change?: string;
}

/** Watches what a system publishes on `topic` at QoS 1. */
export async function watchTopic(url: string, topic: string, schedule: Schedule) {
  const seen: Sighting[] = [];
  const client = await connectAsync(url, { clientId: `bench-watch-${topic.replaceAll('/', '-')}` });
  client.on('message', (_, payload) => {
    const atMs = monotonicMs();
    const answer = JSON.parse(payload.toString()) as Answer;
    const index = schedule.indexOf(answer.device, Math.round(answer.tst * 1000));
    const key = answer.fence === undefined ? String(index) : `${index} ${answer.fence} ${answer.change}`;
    seen.push({ index, key, atMs });
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return { seen, stop: () => client.endAsync(true) };
}
