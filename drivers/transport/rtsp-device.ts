import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A camera's end of RTSP (RFC 7826's predecessor, RFC 2326), as cameras speak it: pulled from, over one TCP connection. */
export interface RtspDevice {
  readonly url: string;
  /** Where an encoder sends its RTP packets (MJPEG by RFC 2435, H.264 by RFC 6184). */
  readonly rtpUrl: string;
  /** Changes packets on their way; undefined: they are not sent. */
  spoil(change: ((bytes: Uint8Array) => Uint8Array | undefined) | undefined): void;
  hangUp(): void;
  close(): Promise<void>;
}

export interface RtspOptions {
  readonly host: string;
  readonly port: number;
  /** `user:password` that it asks for. */
  readonly credentials?: string;
  readonly authentication?: 'basic' | 'digest';
  readonly codec?: 'h264';
}

const sdpHead = 'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=Simulated\r\nt=0 0\r\n';
const media = {
  jpeg: 'm=video 0 RTP/AVP 26\r\n',
  h264: 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1\r\n',
};
const realm = 'camera';
const nonce = '7f3c5d21';
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Whether a request shows that it knows the password; without the password itself, where that is asked for (RFC 2069). */
function isKnown(request: string, method: string, { credentials, authentication }: RtspOptions): boolean {
  if (credentials === undefined) return true;
  if (authentication !== 'digest') {
    const given = /^Authorization:\s*Basic\s+(\S+)/im.exec(request)?.[1];
    return given === Buffer.from(credentials).toString('base64');
  }
  const given = /^Authorization:\s*Digest\s+(.*)$/im.exec(request)?.[1] ?? '';
  const field = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(given)?.[1] ?? '';
  const [user = '', ...password] = credentials.split(':');
  const secret = md5(`${user}:${realm}:${password.join(':')}`);
  return field('response') === md5(`${secret}:${nonce}:${md5(`${method}:${field('uri')}`)}`);
}
const methods = 'OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN';

function answerOf(request: string, options: RtspOptions): string {
  const [method = '', target = ''] = request.split(' ');
  const sequence = /^CSeq:\s*(\d+)/im.exec(request)?.[1] ?? '0';
  const head = (status: string, ...lines: string[]) =>
    [`RTSP/1.0 ${status}`, `CSeq: ${sequence}`, ...lines, '', ''].join('\r\n');
  if (!isKnown(request, method, options)) {
    const basic = `Basic realm="${realm}"`;
    const wanted = options.authentication === 'digest' ? `Digest realm="${realm}", nonce="${nonce}"` : basic;
    return head('401 Unauthorized', `WWW-Authenticate: ${wanted}`);
  }
  if (method === 'OPTIONS') return head('200 OK', `Public: ${methods}`);
  if (method === 'DESCRIBE') {
    const sdp = `${sdpHead}${media[options.codec ?? 'jpeg']}a=control:track0\r\n`;
    const lines = [
      `Content-Base: ${target}/`,
      'Content-Type: application/sdp',
      `Content-Length: ${sdp.length}`,
    ];
    return head('200 OK', ...lines) + sdp;
  }
  if (method === 'SETUP') {
    // Over UDP it would have to be told where to: no simulated camera needs that.
    if (!/^Transport:.*interleaved/im.test(request)) return head('461 Unsupported Transport');
    return head('200 OK', 'Transport: RTP/AVP/TCP;unicast;interleaved=0-1', 'Session: 1');
  }
  return head(methods.includes(method) ? '200 OK' : '501 Not Implemented', 'Session: 1');
}

/** Requests of a connection that are whole; what the viewer reports (RTCP) is left aside. */
function requestsIn(held: Buffer): { requests: string[]; rest: Buffer } {
  const requests: string[] = [];
  let rest = held;
  for (;;) {
    if (rest[0] === 0x24) {
      if (rest.length < 4 || rest.length < 4 + rest.readUInt16BE(2)) return { requests, rest };
      rest = rest.subarray(4 + rest.readUInt16BE(2));
      continue;
    }
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return { requests, rest };
    requests.push(rest.toString('latin1', 0, end));
    rest = rest.subarray(end + 4);
  }
}

export async function listenAsRtsp(options: RtspOptions): Promise<RtspDevice> {
  const viewers = new Set<Socket>();
  const playing = new Set<Socket>();
  const server = createServer((socket) => {
    viewers.add(socket);
    let held: Buffer = Buffer.alloc(0);
    socket.on('error', () => undefined); // a viewer that goes is no fault of the camera
    socket.on('close', () => {
      viewers.delete(socket);
      playing.delete(socket);
    });
    socket.on('data', (bytes: Buffer) => {
      const { requests, rest } = requestsIn(Buffer.concat([held, bytes]));
      held = rest;
      for (const request of requests) {
        const answer = answerOf(request, options);
        socket.write(answer);
        if (request.startsWith('PLAY') && answer.startsWith('RTSP/1.0 200')) playing.add(socket);
      }
    });
  });
  await new Promise<void>((done) => server.listen(options.port, options.host, done));
  const packets = createSocket('udp4');
  await new Promise<void>((done) => packets.bind(0, '127.0.0.1', done));
  let change: ((bytes: Uint8Array) => Uint8Array | undefined) | undefined;
  packets.on('message', (packet) => {
    const spoiled = change ? change(packet) : packet;
    if (!spoiled) return;
    const frame = Buffer.alloc(4 + spoiled.length);
    frame.writeUInt16BE(0x2400, 0);
    frame.writeUInt16BE(spoiled.length, 2);
    frame.set(spoiled, 4);
    for (const socket of playing) socket.write(frame);
  });
  const { port } = packets.address();
  return {
    url: `rtsp://${options.host}:${(server.address() as AddressInfo).port}/camera`,
    rtpUrl: `rtp://127.0.0.1:${port}?rtcpport=${port}&pkt_size=1200`,
    spoil(given) {
      change = given;
    },
    hangUp() {
      for (const socket of viewers) socket.destroy();
    },
    async close() {
      for (const socket of viewers) socket.destroy();
      packets.close();
      await new Promise((done) => server.close(done));
    },
  };
}
