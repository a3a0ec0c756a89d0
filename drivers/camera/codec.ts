import { createHash } from 'node:crypto';
import type { PictureStore } from '#flows/picture';
import type { FrameMessage } from '#flows/scan';
import type { Codec } from '../driver.ts';
import type { CameraConfig } from './config.ts';
import { maxPictureBytes, type Picture, pnmFramer } from './pnm.ts';

/** Since when the picture has been the same. */
interface Stillness {
  readonly digest: string;
  readonly sinceMs: number;
}

/** Pictures that are hashed and forgotten: for commands. */
export const forgottenPictures: Pick<PictureStore, 'put'> = {
  put: (bytes) => ({ file: 'picture', offset: 0, sha256: createHash('sha256').update(bytes).digest('hex') }),
};

const planeNames = { 1: ['grey'], 3: ['red', 'green', 'blue'] } as const;

/** Pictures to frames, whose pixels go into `pictures`. */
export function cameraCodec(
  config: CameraConfig,
  pictures: Pick<PictureStore, 'put'> = forgottenPictures,
): Codec<Picture, Picture, Stillness | undefined> {
  const { frozenSeconds, view } = config;
  return {
    maxFrameBytes: maxPictureBytes(config),
    framer: () => pnmFramer(config),
    fromHex(bytes) {
      const framer = pnmFramer(config);
      return [...framer.push(bytes), ...framer.end()];
    },
    decode: (picture) => ({ parts: [picture] }),
    initial: () => undefined,
    assemble(before, { width, height, planes, bits, bytes }, nowMs) {
      const data = pictures.put(bytes);
      const still: Stillness =
        before?.digest === data.sha256 ? before : { digest: data.sha256, sinceMs: nowMs };
      const frozen = frozenSeconds > 0 && nowMs - still.sinceMs >= frozenSeconds * 1000;
      const frame: FrameMessage = {
        kind: 'frame',
        quality: frozen ? 'suspect' : 'good',
        attributes: frozen ? { frozenSeconds: Math.round((nowMs - still.sinceMs) / 1000) } : {},
        view,
        width,
        height,
        planes: [...planeNames[planes]],
        bits,
        data,
      };
      return [still, [frame]];
    },
    expire: (state) => [state, [], []],
    deadline: () => undefined,
  };
}
