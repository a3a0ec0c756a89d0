import { connectAsync } from 'mqtt';
import { Fault } from '#flows/fault';
import { faults } from '../../faults.ts';

/** A device at a broker: MQTT.js, so that what a box is tested against is not our own client. */
export interface Publisher {
  /** Settles when the broker has acknowledged (QoS 1); repeated by itself over lost connections. */
  publish(topic: string, payload: Uint8Array | string, retain?: boolean): Promise<void>;
  /** Drops the connection; it comes back by itself. */
  drop(): void;
  close(): Promise<void>;
}

export interface PublisherOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** Rejects with a Fault when the broker cannot be reached at first. */
export async function connectPublisher(options: PublisherOptions): Promise<Publisher> {
  const { url, clientId, username, password } = options;
  const client = await connectAsync(
    url,
    {
      clientId,
      clean: false,
      reconnectPeriod: 100,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
    },
    false,
  ).catch((error: unknown) => {
    if (error instanceof Fault) throw error;
    const detail = error instanceof Error ? error.message || error.name : String(error);
    throw faults.fault('link.failed', { detail }, url, error);
  });
  client.on('error', () => undefined); // it tries again by itself
  return {
    async publish(topic, payload, retain = false) {
      const body = typeof payload === 'string' ? payload : Buffer.from(payload);
      await client.publishAsync(topic, body, { qos: 1, retain });
    },
    drop: () => void client.stream.destroy(),
    close: () => client.endAsync(true),
  };
}
