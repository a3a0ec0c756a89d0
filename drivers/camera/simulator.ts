import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import { type CameraForm, listenAsCamera } from '../transport/camera-device.ts';
import { type Picture, pnmFramer } from './pnm.ts';

export const cameraFaults = ['silence', 'stall', 'garbage', 'frozen', 'disconnect'] as const;
type CameraFault = (typeof cameraFaults)[number];

export interface CameraSimulatorOptions {
  /** PGM and PPM pictures, cut anywhere. */
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  /** MPEG-TS over TCP, MJPEG over HTTP, or RTSP. */
  readonly form: CameraForm;
  /** `user:password` that RTSP asks for, and how. */
  readonly credentials?: string;
  readonly authentication?: 'basic' | 'digest';
  /** H.264 over MPEG-TS and RTSP. */
  readonly codec?: 'h264';
  /** Pictures a second that the stream says it has. */
  readonly fps?: number;
  random(): number;
}

/** Larger pictures are not shown. */
const largest = { maxWidth: 3840, maxHeight: 2160 };

/** A picture as a PGM or PPM of its own. */
const pnmOf = ({ width, height, planes, bits, bytes }: Picture): Uint8Array =>
  Buffer.concat([Buffer.from(`P${planes === 3 ? 6 : 5}\n${width} ${height}\n${2 ** bits - 1}\n`), bytes]);

/** A simulated camera: pictures of a source, encoded by ffmpeg and served on a real wire. */
export async function simulateCamera(options: CameraSimulatorOptions): Promise<Simulator> {
  const { source, random } = options;
  const stopped = new AbortController();
  const device = await listenAsCamera({ ...options, fps: options.fps ?? 10 });
  /** The last piece that went out before the stall was cut in half. */
  let stalled = false;
  const switches = new Switches<CameraFault>(cameraFaults, (name, on) => {
    if (name === 'disconnect' && on) device.hangUp();
    if (name === 'stall') stalled = false;
  });
  device.spoil((bytes) => {
    if (switches.has('garbage')) return bytes.map(() => Math.floor(random() * 256));
    if (!switches.has('stall')) return bytes;
    if (stalled) return undefined;
    stalled = true;
    return bytes.subarray(0, bytes.length / 2);
  });
  let frozen: Uint8Array | undefined;
  const show = (picture: Uint8Array) => {
    frozen = switches.has('frozen') ? (frozen ?? picture) : undefined;
    if (switches.has('disconnect')) device.hangUp();
    if (!switches.has('silence') && !switches.has('disconnect')) device.show(frozen ?? picture);
  };
  const framer = pnmFramer(largest);
  const done = consume(source, stopped.signal, (item) => {
    if (!(item instanceof Uint8Array)) return;
    for (const framed of framer.push(item)) if ('frame' in framed) show(pnmOf(framed.frame));
  }).then(() => device.finish());
  return {
    config: { url: device.url, ...(options.form === 'mjpeg' ? { form: 'mjpeg' } : {}), stallSeconds: 5 },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await device.close();
    },
  };
}
