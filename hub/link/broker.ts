import { constants, createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket } from 'aedes';
import type { Problem } from '#flows/fault';
import { type Downward, topics } from '#flows/wire';
import { faults } from '../faults.ts';
import type { Authority } from '../pki/authority.ts';
import { createAdmission } from './admission.ts';
import { createDownlink, type Downlink } from './downlink.ts';
import type { LinkEnds } from './ends.ts';
import { guardPacketSize } from './size-guard.ts';

export interface BrokerOptions extends LinkEnds {
  readonly host: string;
  readonly port: number;
  readonly authority: Authority;
  /** Largest packet, bytes. */
  readonly maxPacketBytes: number;
  /** Handshakes that are begun in a second; more wait their turn. */
  readonly connectionsPerSecond?: number;
  /** Whether the holder of this certificate (SHA-256 hex) may connect as the box. */
  admit(box: string, fingerprint: string): Problem | undefined;
}

interface Link {
  readonly box: string;
  readonly client: Client;
  downlink?: Downlink;
}

/**
 * The hub's MQTT 3.1.1 broker, in this process, over mutual TLS. Who a client is, its certificate
 * says alone: client id, session, will and retained messages of a client do not count. There is one
 * connection a box; a new one takes over. Throws `hub.port`.
 */
export async function openBroker(options: BrokerOptions) {
  const links = new Map<string, Link>();
  const boxOf = new WeakMap<object, string>();
  const aedes = await Aedes.createBroker({
    drainTimeout: 15_000,
    connectTimeout: 10_000,
    keepaliveLimit: 0,
    queueLimit: 20,
    maxTopicLevels: 8,
    preConnect(client, packet, callback) {
      const box = boxOf.get(client.conn);
      if (box === undefined) return callback(new Error('no identity'), false);
      packet.clientId = box;
      packet.clean = true;
      delete packet.will;
      callback(null, true);
    },
    authorizePublish(client, packet: PublishPacket, callback) {
      const box = client && boxOf.get(client.conn);
      if (!box) return callback(new Error('no identity'));
      const onScans = packet.topic === topics.scans(box);
      if ((packet.topic !== topics.up(box) && !onScans) || packet.qos === 2) {
        options.onRefused(box, faults.problem('link.topic', { box, topic: packet.topic }));
        return callback(new Error('not authorized'));
      }
      packet.retain = false;
      const payload = Buffer.from(packet.payload);
      const taken = onScans ? options.onScans(box, payload) : options.onUp(box, payload);
      if (taken) taken.then(() => callback(null), callback);
      else callback(null);
    },
    authorizeSubscribe(client, subscription, callback) {
      const box = boxOf.get(client.conn);
      if (box !== undefined && subscription.topic === topics.down(box)) return callback(null, subscription);
      const topic = subscription.topic;
      options.onRefused(box ?? '?', faults.problem('link.topic', { box: box ?? '?', topic }));
      callback(null, null);
    },
    // Nothing that a box publishes reaches another one.
    authorizeForward: (client, packet: AedesPublishPacket) =>
      packet.topic === topics.down(boxOf.get(client.conn) ?? '') ? packet : null,
  });

  aedes.on('clientReady', (client) => {
    const box = boxOf.get(client.conn);
    if (box === undefined || client.closed) return;
    links.set(box, { box, client });
    options.onLink(box, 'connected');
  });
  aedes.on('subscribe', (subscriptions, client) => {
    const box = boxOf.get(client.conn);
    const link = box === undefined ? undefined : links.get(box);
    if (
      !link ||
      link.client !== client ||
      !subscriptions.some(({ topic }) => topic === topics.down(link.box))
    )
      return;
    link.downlink = createDownlink({ write: (payload) => publish(client, topics.down(link.box), payload) });
    options.onReady(link.box);
  });
  aedes.on('clientDisconnect', (client) => {
    const box = boxOf.get(client.conn);
    if (box === undefined || links.get(box)?.client !== client) return;
    links.delete(box);
    options.onLink(box, 'lost');
  });

  const { server: own, certificate } = options.authority;
  const secure = createTlsServer({
    key: own.key,
    cert: own.certificate,
    ca: certificate,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    handshakeTimeout: 10_000,
    // A resumed session would carry an identity past the check of its certificate.
    secureOptions: constants.SSL_OP_NO_TICKET,
  });
  const admission = createAdmission({
    perSecond: options.connectionsPerSecond ?? 200,
    mostWaiting: 5000,
    mostWaitMs: 10_000,
    admit: (socket) => secure.emit('connection', socket),
  });
  const server = createServer(admission.take);
  server.maxConnections = 5000;
  secure.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => socket.destroy());
    const peer = socket.getPeerCertificate();
    const box = String(peer.subject?.CN ?? '');
    const problem = options.admit(box, createHash('sha256').update(peer.raw).digest('hex'));
    if (problem) {
      options.onRefused(box, problem);
      socket.destroy();
      return;
    }
    boxOf.set(socket, box);
    guardPacketSize(socket, options.maxPacketBytes, (bytes) => {
      options.onRefused(box, faults.problem('link.size', { box, bytes, limit: options.maxPacketBytes }));
      socket.destroy();
    });
    aedes.handle(socket);
  });
  secure.on('tlsClientError', () => {}); // strangers without a certificate of this CA: nothing is heard of them
  server.listen(options.port, options.host);
  await once(server, 'listening').catch((error: Error) => {
    const address = `${options.host}:${options.port}`;
    throw faults.fault('hub.port', { address, what: 'boxes', detail: error.message }, address, error);
  });

  return {
    port: (server.address() as AddressInfo).port,
    /** Boxes that can be spoken to. */
    boxes: (): string[] => [...links.values()].flatMap(({ box, downlink }) => (downlink ? [box] : [])),
    connected: (box: string): boolean => links.get(box)?.downlink !== undefined,
    /** False when the box is not connected. */
    send(box: string, message: Downward): boolean {
      const downlink = links.get(box)?.downlink;
      downlink?.send(message);
      return downlink !== undefined;
    },
    /** Cuts the connection of a box at once. */
    cut(box: string): void {
      links.get(box)?.client.conn.destroy();
    },
    async close(): Promise<void> {
      const closed = once(server, 'close');
      server.close();
      admission.close();
      await new Promise<void>((resolve) => aedes.close(resolve));
      await closed;
    },
  };
}
export type Broker = Awaited<ReturnType<typeof openBroker>>;

const publish = (client: Client, topic: string, payload: string): Promise<void> =>
  new Promise((resolve, reject) => {
    client.publish(
      { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false },
      (error?: Error | null) => (error || client.closed ? reject(error ?? new Error('closed')) : resolve()),
    );
  });
