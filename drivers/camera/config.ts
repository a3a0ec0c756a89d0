import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';

/** What an address may be. A stream never leads to a file of the box: ffmpeg is allowed these protocols alone. */
const schemes = ['rtsp:', 'rtsps:', 'http:', 'https:', 'tcp:', 'udp:'];

export const CameraConfig = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        description:
          'Address of the stream, without user and password: rtsp:// (tested over TCP, with MJPEG), http:// (MJPEG), tcp:// (MPEG-TS), udp:// (not tested).',
        minLength: 1,
      }),
    ),
    path: Type.Optional(
      Type.String({
        description: 'A camera on the box itself (V4L2), such as /dev/video0; not tested with one.',
        pattern: '^/dev/[\\w/-]+$',
      }),
    ),
    form: Type.Optional(
      Type.Enum(['mjpeg', 'mpegts'], {
        description: 'Form of the stream where it is not told by its address or its first bytes.',
      }),
    ),
    user: Type.Optional(Type.String({ description: 'User at the camera.', minLength: 1 })),
    passwordSecret: Type.Optional(
      Type.String({ description: 'Name of the secret that is the password of the user.', minLength: 1 }),
    ),
    rtspTransport: Type.Enum(['tcp', 'udp'], {
      description: 'What RTSP carries pictures over; with UDP lost packets are lost rows.',
      default: 'tcp',
    }),
    colours: Type.Enum(['rgb', 'grey'], { description: 'Planes of a picture.', default: 'rgb' }),
    fps: Type.Number({
      description: 'Pictures a second that are handed on at most; the rest is left out.',
      default: 5,
      minimum: 0.01,
      maximum: 60,
    }),
    maxWidth: Type.Integer({
      description: 'Larger pictures are made smaller, in proportion, px.',
      default: 640,
      minimum: 16,
      maximum: 3840,
    }),
    maxHeight: Type.Integer({
      description: 'Larger pictures are made smaller, in proportion, px.',
      default: 480,
      minimum: 16,
      maximum: 2160,
    }),
    view: Type.Enum(['visible', 'belt'], { description: 'What it looks at.', default: 'visible' }),
    stallSeconds: Type.Number({
      description: 'Time without a picture after which the camera is opened anew, seconds.',
      default: 10,
      minimum: 0.5,
      maximum: 3600,
    }),
    frozenSeconds: Type.Number({
      description:
        'A picture that is the same to the last bit for so long is suspect: a real one has noise. 0: never.',
      default: 10,
      minimum: 0,
      maximum: 86_400,
    }),
    maxAgeSeconds: Type.Number({
      description:
        'A picture that waited longer for room in the flow, or that came later by the times of its stream, is dropped, seconds.',
      default: 1,
      minimum: 0.05,
      maximum: 60,
    }),
    ...deviceFields,
    staleAfterSeconds: Type.Number({
      description: 'Silence after which the camera counts as stale, seconds.',
      default: 5,
      minimum: 0.5,
      maximum: 3600,
    }),
  },
  { description: 'Cameras, by a decoder process of their own.', additionalProperties: false },
);
export type CameraConfig = Static<typeof CameraConfig>;

function urlWrong(text: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'it is no address';
  }
  if (!schemes.includes(url.protocol)) return `give one of ${schemes.join(', ')}`;
  if (url.username !== '' || url.password !== '')
    return 'give the user as `user` and the password as a secret';
  return undefined;
}

/** What is known of the driver without its code. */
export const cameraAbout = {
  type: 'camera',
  summary:
    'Pictures of RTSP, MJPEG, MPEG-TS and V4L2 cameras, the newest first, decoded by ffmpeg in a process of its own.',
  emits: ['frame'],
  config: CameraConfig,
  repeats: false,
  // A camera does not wait: what there is no room for is dropped, oldest first, and told.
  pausable: false,
  check(config: Record<string, unknown>) {
    const { url, path } = config;
    if ((url === undefined) === (path === undefined))
      return [{ path: path === undefined ? 'url' : 'path', message: 'give either url or path' }];
    const message = typeof url === 'string' ? urlWrong(url) : undefined;
    return message === undefined ? [] : [{ path: 'url', message }];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
