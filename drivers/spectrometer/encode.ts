import type { MessageOf } from '#flows/message';
import { type FramedHead, framedBytes } from './framed.ts';

type SpectrumMessage = MessageOf<'spectrum'>;

/** A spectrum in the framed form. */
export function framedOf(message: SpectrumMessage): Uint8Array {
  const { technique, axis, device, time, liveTimeS, channel } = message;
  return framedBytes(
    {
      technique: technique as FramedHead['technique'],
      axis,
      ...(device === undefined ? {} : { device }),
      ...(time === undefined ? {} : { time }),
      ...(liveTimeS === undefined ? {} : { liveTimeS }),
      ...(channel === undefined ? {} : { channel }),
      reference: 'sample',
    },
    message.values,
  );
}
