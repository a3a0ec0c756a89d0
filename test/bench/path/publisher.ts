import { connect, type Socket } from 'node:net';

/** Packet identifiers go from 1 to this; as many may be unacknowledged. */
const identifiers = 65_535;

/** Bytes of a remaining length, MQTT 3.1.1 section 2.2.3. */
function remainingLength(length: number): number[] {
  const bytes: number[] = [];
  let rest = length;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return bytes;
}

const withLength = (text: string) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
};

/** A CONNECT packet: MQTT 3.1.1, clean session, no keep-alive. */
export function connectPacket(clientId: string): Buffer {
  const rest = Buffer.concat([withLength('MQTT'), Buffer.from([4, 2, 0, 0]), withLength(clientId)]);
  return Buffer.concat([Buffer.from([0x10, ...remainingLength(rest.length)]), rest]);
}

/** A PUBLISH packet at QoS 1. */
export function publishPacket(topic: string, identifier: number, payload: string): Buffer {
  const head = Buffer.concat([withLength(topic), Buffer.from([identifier >> 8, identifier & 255])]);
  const body = Buffer.from(payload);
  return Buffer.concat([Buffer.from([0x32, ...remainingLength(head.length + body.length)]), head, body]);
}

/**
 * Publishes at QoS 1 as fast as a socket takes bytes, so that the load is never the limit: packets are made
 * beforehand and what is due goes out in one write. All that a broker answers to it (CONNACK, PUBACK) is
 * four bytes long.
 */
export class Publisher {
  private packets: Buffer[] = [];
  private next = 0;
  private identifier = 0;
  private answered = 0;
  private published = 0;
  private readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
  }

  static async connect(port: number): Promise<Publisher> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.write(connectPacket('bench-load'));
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket.once('data', resolve);
      socket.once('error', reject);
    });
    if (answer.toString('hex') !== '20020000') throw new Error(`refused: ${answer.toString('hex')}`);
    const publisher = new Publisher(socket);
    socket.on('data', (bytes) => {
      publisher.answered += bytes.length;
    });
    socket.on('error', () => process.exit(1));
    socket.on('close', () => process.exit(1));
    return publisher;
  }

  get unacknowledged(): number {
    return this.published - Math.floor(this.answered / 4);
  }

  clear(): void {
    this.packets = [];
    this.next = 0;
  }

  prepare(topic: string, payload: string): void {
    this.identifier = (this.identifier % identifiers) + 1;
    this.packets.push(publishPacket(topic, this.identifier, payload));
  }

  /** Publishes what is prepared up to number `due`, as far as identifiers are free; returns how many are out. */
  publishUpTo(due: number): number {
    const upto = Math.min(due, this.next + identifiers - this.unacknowledged);
    if (upto > this.next) this.socket.write(Buffer.concat(this.packets.slice(this.next, upto)));
    this.published += Math.max(0, upto - this.next);
    this.next = Math.max(upto, this.next);
    return this.next;
  }
}
