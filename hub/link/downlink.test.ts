import { expect, test } from 'vitest';
import type { Acknowledgement, Downward } from '#flows/wire';
import { createDownlink } from './downlink.ts';

const acknowledgement = (priority: 'alarm' | 'telemetry', upto: number): Acknowledgement => ({
  kind: 'acknowledgement',
  priority,
  upto,
});
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

function held() {
  const sent: Downward[] = [];
  const gates: ((error?: Error) => void)[] = [];
  const downlink = createDownlink({
    write: (payload) => {
      sent.push(JSON.parse(payload) as Downward);
      return new Promise((resolve, reject) => gates.push((error) => (error ? reject(error) : resolve())));
    },
  });
  const next = (error?: Error) => {
    gates.shift()?.(error);
    return settle();
  };
  return { downlink, sent, next };
}

test('of what waits only the newest of each priority is sent', async () => {
  const { downlink, sent, next } = held();
  for (let upto = 1; upto <= 1000; upto += 1) {
    downlink.send(acknowledgement('alarm', upto));
    downlink.send(acknowledgement('telemetry', upto));
  }
  await settle();
  for (let i = 0; i < 5; i += 1) await next();
  expect(sent).toEqual([
    acknowledgement('alarm', 1),
    acknowledgement('alarm', 1000),
    acknowledgement('telemetry', 1000),
  ]);
});

test('a refusal is not hidden by what follows it', async () => {
  const { downlink, sent, next } = held();
  downlink.send(acknowledgement('telemetry', 1));
  downlink.send({ ...acknowledgement('alarm', 3), refused: { code: 'ingest.gap', message: 'm' } });
  downlink.send(acknowledgement('alarm', 4));
  await next();
  expect(sent[1]).toEqual({ ...acknowledgement('alarm', 4), refused: { code: 'ingest.gap', message: 'm' } });
});

test('a link that is gone takes no more', async () => {
  const { downlink, sent, next } = held();
  downlink.send(acknowledgement('alarm', 1));
  downlink.send(acknowledgement('telemetry', 1));
  await next(new Error('gone'));
  downlink.send(acknowledgement('alarm', 2));
  await settle();
  expect(sent).toHaveLength(1);
});
