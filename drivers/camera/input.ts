import { faults } from '../faults.ts';
import type { FfmpegInput } from '../transport/ffmpeg.ts';
import type { CameraConfig } from './config.ts';

/** Enough to tell a stream by, and not so much that a slow one keeps everybody waiting, bytes. */
const probeBytes = 16_384;
const protocols = 'tcp,udp,rtp,rtsp,http,https,httpproxy,tls,srtp';

/** How ffmpeg reads the camera. Throws `secret.refused`. */
export function inputOf(config: CameraConfig, secret: (name: string) => string | undefined): FfmpegInput {
  const { url, path, form, user, passwordSecret } = config;
  const live = [
    '-fflags',
    'nobuffer',
    '-flags',
    'low_delay',
    '-probesize',
    String(probeBytes),
    '-analyzeduration',
    '0',
  ];
  if (url === undefined)
    return { address: path ?? '', args: [...live, '-f', 'v4l2', '-i', path ?? ''], secrets: [] };
  const password = passwordSecret === undefined ? undefined : secret(passwordSecret);
  if (passwordSecret !== undefined && password === undefined)
    throw faults.fault('secret.refused', { name: passwordSecret });
  const whole = new URL(url);
  if (user !== undefined) whole.username = encodeURIComponent(user);
  if (password !== undefined) whole.password = encodeURIComponent(password);
  const rtsp = url.startsWith('rtsp') ? ['-rtsp_transport', config.rtspTransport] : [];
  const forms = { mjpeg: ['-f', 'mpjpeg'], mpegts: ['-f', 'mpegts'] };
  return {
    address: url,
    args: [
      ...live,
      ...rtsp,
      '-protocol_whitelist',
      protocols,
      ...(form ? forms[form] : []),
      '-i',
      whole.href,
    ],
    secrets: password === undefined ? [] : [password, encodeURIComponent(password)],
  };
}

/** Pictures as PGM or PPM, no more and no larger than asked for: what is left out is never copied. */
export function outputOf({ fps, maxWidth, maxHeight, colours, form }: CameraConfig): string[] {
  // Slightly early, so that a camera of just this rate loses none; a clock that jumps back begins anew.
  const step = (0.9 / fps).toFixed(4);
  const rate = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${step})+lt(t,prev_selected_t)'`;
  const size = `scale=w='min(iw,${maxWidth})':h='min(ih,${maxHeight})':force_original_aspect_ratio=decrease`;
  const pixels =
    colours === 'grey' ? ['-pix_fmt', 'gray', '-c:v', 'pgm'] : ['-pix_fmt', 'rgb24', '-c:v', 'ppm'];
  return [
    '-an',
    '-sn',
    '-dn',
    '-vf',
    // Where a picture stands in its stream is told beside it; JPEG after JPEG have no times.
    form === 'mjpeg' ? `${rate},${size}` : `${rate},${size},showinfo=checksum=0`,
    '-fps_mode',
    'passthrough',
    ...pixels,
    '-f',
    'image2pipe',
    '-flush_packets',
    '1',
  ];
}
