import { generate, type Packet, parser } from 'mqtt-packet';
import type { Input } from '../ledger.ts';
import type { Dialect, Heard } from './device.ts';

/** A device that publishes at QoS 1, MQTT 3.1.1. */
export function publisher(clientId: string, topicOf: (input: Input) => string): () => Dialect {
  /** Identifiers are of the session: they outlive a connection. */
  const ids = new Map<string, number>();
  const inputs = new Map<number, Input>();
  let last = 0;
  const numberOf = (input: Input): number => {
    const known = ids.get(input.id);
    if (known !== undefined) return known;
    do last = (last % 65_535) + 1;
    while (inputs.has(last));
    ids.set(input.id, last);
    inputs.set(last, input);
    return last;
  };
  return () => {
    const packets: Packet[] = [];
    const reader = parser({ protocolVersion: 4 });
    reader.on('packet', (packet: Packet) => packets.push(packet));
    return {
      hello: () =>
        generate({
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: 4,
          clientId,
          clean: false,
          keepalive: 30,
        }),
      say: (input, again) =>
        generate({
          cmd: 'publish',
          topic: topicOf(input),
          payload: Buffer.from(payloadOf(input)),
          qos: 1,
          dup: again,
          retain: false,
          messageId: numberOf(input),
        }),
      hear(bytes): Heard {
        reader.parse(Buffer.from(bytes));
        const acknowledged: Input[] = [];
        let ready = false;
        let refused = false;
        for (const packet of packets.splice(0)) {
          if (packet.cmd === 'connack') {
            ready = packet.returnCode === 0;
            refused = !ready;
          }
          if (packet.cmd !== 'puback' || packet.messageId === undefined) continue;
          const input = inputs.get(packet.messageId);
          if (!input) continue;
          inputs.delete(packet.messageId);
          ids.delete(input.id);
          acknowledged.push(input);
        }
        return { acknowledged, ready, refused };
      },
      ping: () => generate({ cmd: 'pingreq' }),
    };
  };
}

/** A message in the system's own form. */
export const payloadOf = (input: Input): string =>
  JSON.stringify({ kind: 'reading', device: input.device, time: timeOf(input.n), ...input.data });

/** Which input a payload is of. */
export function idOf(payload: string): string {
  const { device, value } = JSON.parse(payload) as { device: string; value: number };
  return `${device}#${value}`;
}

/** Devices date what they measured, each second once. */
export const timeOf = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();

/** What the event of a reading must say; the text makes a torn or mixed payload visible. */
export const readingOf = (device: string) => (n: number) => ({
  quality: 'good',
  attributes: { text: `${device} ${n} `.repeat(1 + (n % 7)) },
  name: 'chaos',
  value: n,
  unit: '1',
});
