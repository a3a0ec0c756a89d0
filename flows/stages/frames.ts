import { Value } from 'typebox/value';
import type { Message } from '../message.ts';
import { type FrameMessage, ScanAttributes } from '../scan.ts';
import { refusal } from './faults.ts';

/** Said of a scan that ended without a column. */
export const noPicture = 'The scan gave no picture.';

/** The frame, with what a frame of a scan has to say of its scan. Refuses any other message. */
export function checkFrame(message: Message): FrameMessage {
  if (message.kind !== 'frame')
    throw refusal('message.kind', { kind: message.kind, stage: 'the stage', accepted: 'frame' });
  if (message.scan === undefined) return message;
  const { scan } = message.attributes;
  if (Value.Check(ScanAttributes, scan)) return message;
  const [error] = Value.Errors(ScanAttributes, scan);
  const detail =
    scan === undefined
      ? 'it has no attributes.scan'
      : `attributes.scan${error?.instancePath} ${error?.message}`;
  throw refusal('frame.scan', { detail });
}
