import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenAsDevice } from './device-end.ts';
import { spawnFfmpeg } from './ffmpeg.ts';
import { listenAsRtsp } from './rtsp-device.ts';

export type CameraForm = 'mpegts' | 'mjpeg' | 'rtsp';

/** A camera's end of the wire, encoded by a real ffmpeg. */
export interface CameraDevice {
  readonly url: string;
  /** A PGM or PPM picture. */
  show(picture: Uint8Array): void;
  /** Changes what goes out; undefined: nothing of it does. */
  spoil(change: ((bytes: Uint8Array) => Uint8Array | undefined) | undefined): void;
  hangUp(): void;
  /** No picture comes any more: settles when all that were shown are on the wire. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

export interface CameraDeviceOptions {
  readonly host: string;
  readonly port: number;
  readonly form: CameraForm;
  /** Pictures a second: how far apart the stream says that they are. */
  readonly fps: number;
  /** `user:password` that RTSP asks for, and how. */
  readonly credentials?: string;
  readonly authentication?: 'basic' | 'digest';
  /** H.264 instead of MPEG-4 or JPEG, over MPEG-TS and RTSP; it needs an ffmpeg with libx264. */
  readonly codec?: 'h264';
}

const boundary = 'quaywatch';
const endOfJpeg = Buffer.from([0xff, 0xd9]);

/** Every picture by itself, so that whoever joins late sees at once. */
const jpeg = ['-pix_fmt', 'yuvj420p', '-c:v', 'mjpeg', '-q:v', '3'];
const encoders: Readonly<Record<CameraForm, readonly string[]>> = {
  mpegts: ['-c:v', 'mpeg4', '-g', '1', '-q:v', '3', '-f', 'mpegts', '-muxdelay', '0', '-muxpreload', '0'],
  mjpeg: [...jpeg, '-f', 'image2pipe'],
  rtsp: [...jpeg, '-huffman', 'default', '-f', 'rtp'],
};

/** A whole picture every half a second, with all that is needed to begin there. */
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'];
const h264Stream = [...h264, '-g', '5', '-x264-params', 'repeat-headers=1'];

function encodingOf({ form, codec }: CameraDeviceOptions): readonly string[] {
  if (codec !== 'h264' || form === 'mjpeg') return encoders[form];
  return form === 'rtsp'
    ? [...h264Stream, '-f', 'rtp']
    : [...h264Stream, '-f', 'mpegts', '-muxdelay', '0', '-muxpreload', '0'];
}

export async function listenAsCamera(options: CameraDeviceOptions): Promise<CameraDevice> {
  const { form, fps } = options;
  const rtsp = form === 'rtsp' ? await listenAsRtsp(options) : undefined;
  const wire: Wire = rtsp
    ? { ...rtsp, send: () => undefined }
    : await (form === 'mpegts' ? serveTcp : serveMultipart)(options);
  const probe = ['-probesize', '32', '-analyzeduration', '0', '-fflags', 'nobuffer'];
  // The stream says when a picture was shown, not when it would have been at that rate.
  const given = ['-use_wallclock_as_timestamps', '1', '-framerate', String(fps), '-c:v', 'ppm'];
  const input = ['-f', 'image2pipe', ...given, '-i', 'pipe:0', '-fps_mode', 'vfr'];
  const output = [
    '-enc_time_base',
    '1:1000',
    ...encodingOf(options),
    '-flush_packets',
    '1',
    rtsp?.rtpUrl ?? 'pipe:1',
  ];
  const encoder = spawnFfmpeg([...probe, ...input, ...output], 'pipe');
  encoder.stderr?.resume();
  encoder.stdin?.on('error', () => undefined); // its end is told by its exit
  encoder.on('error', () => wire.hangUp());
  const over = new Promise<void>((done) => encoder.once('close', () => done()));
  let change: ((bytes: Uint8Array) => Uint8Array | undefined) | undefined;
  encoder.stdout?.on('data', (bytes: Buffer) => {
    const spoiled = change ? change(bytes) : bytes;
    if (spoiled) wire.send(spoiled);
  });
  return {
    url: wire.url,
    show(picture) {
      // An encoder that is behind misses pictures, as a camera does.
      if (encoder.stdin?.writableNeedDrain === false) encoder.stdin.write(picture);
    },
    spoil(given) {
      rtsp?.spoil(given);
      change = given;
    },
    hangUp: () => wire.hangUp(),
    finish() {
      encoder.stdin?.end();
      return over;
    },
    async close() {
      encoder.kill('SIGKILL');
      await wire.close();
    },
  };
}

interface Wire {
  readonly url: string;
  send(bytes: Uint8Array): void;
  hangUp(): void;
  close(): Promise<void>;
}

async function serveTcp({ host, port }: CameraDeviceOptions): Promise<Wire> {
  const end = await listenAsDevice(host, port, () => undefined);
  return { ...end, url: `tcp://${end.address}`, send: end.send, hangUp: end.hangUp, close: end.close };
}

/** JPEG after JPEG to everyone who asks, each a part of one endless answer. */
async function serveMultipart({ host, port }: CameraDeviceOptions): Promise<Wire> {
  const viewers = new Set<ServerResponse>();
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': `multipart/x-mixed-replace; boundary=${boundary}` });
    viewers.add(response);
    response.on('close', () => viewers.delete(response));
  });
  await new Promise<void>((done) => server.listen(port, host, done));
  let held: Buffer = Buffer.alloc(0);
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    send(bytes) {
      held = Buffer.concat([held, bytes]);
      for (let end = held.indexOf(endOfJpeg); end >= 0; end = held.indexOf(endOfJpeg)) {
        const jpeg = held.subarray(0, end + endOfJpeg.length);
        held = held.subarray(jpeg.length);
        const head = `--${boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
        for (const viewer of viewers)
          viewer.write(Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]));
      }
    },
    hangUp() {
      for (const viewer of viewers) viewer.destroy();
    },
    async close() {
      for (const viewer of viewers) viewer.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
