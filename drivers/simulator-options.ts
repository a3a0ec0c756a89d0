import { Type } from 'typebox';
import { Profile } from './modbus/profile.ts';

/** What simulated devices can be told to be, by driver; one that is not here has no choice. */
export const simulatorOptions = {
  camera: Type.Object(
    {
      form: Type.Enum(['mpegts', 'mjpeg', 'rtsp'], {
        description: 'What it serves: MPEG-TS over TCP, JPEG pictures over HTTP, or RTSP.',
        default: 'mpegts',
      }),
      codec: Type.Optional(
        Type.Enum(['h264'], {
          description:
            'H.264 instead of MPEG-4 or JPEG, over MPEG-TS and RTSP; it needs an ffmpeg with libx264.',
        }),
      ),
      credentials: Type.Optional(
        Type.String({ description: '`user:password` that RTSP asks for.', pattern: '^[^:]+:' }),
      ),
      authentication: Type.Enum(['basic', 'digest'], {
        description: 'How RTSP asks for them.',
        default: 'digest',
      }),
      fps: Type.Number({
        description:
          'Pictures a second that the stream says it has, whenever they come; of a recording, what the driver asked for.',
        default: 10,
        minimum: 0.01,
        maximum: 60,
      }),
    },
    { additionalProperties: false },
  ),
  jt808: Type.Object(
    { is2019: Type.Boolean({ description: 'Speaks the version of 2019; else of 2013.', default: false }) },
    { additionalProperties: false },
  ),
  modbus: Type.Object(
    {
      profile: Type.Union([Type.String(), Profile], {
        description: 'Whose registers it has: a profile by name, or one of your own.',
        default: 'belt-scale',
      }),
      unit: Type.Integer({
        description: 'Its address on the line.',
        default: 1,
        minimum: 1,
        maximum: 247,
      }),
    },
    { additionalProperties: false },
  ),
} as const;
