import type { Problem } from '#flows/fault';
import { crc16Modbus } from '../crc16.ts';
import { faults } from '../faults.ts';
import {
  answerPduBytes,
  exceptionPduBytes,
  isException,
  isWrite,
  type Request,
  readAnswer,
  requestPdu,
} from './pdu.ts';

/** A frame of the serial line: unit, what is said, check sum with its low byte first. */
export function rtuFrame(unit: number, pdu: Uint8Array): Uint8Array {
  const frame = new Uint8Array(pdu.length + 3);
  frame[0] = unit;
  frame.set(pdu, 1);
  const crc = crc16Modbus(frame, 0, pdu.length + 1);
  frame.set([crc & 0xff, crc >> 8], pdu.length + 1);
  return frame;
}

export const rtuRequest = (request: Request): Uint8Array => rtuFrame(request.unit, requestPdu(request));

const hasCheck = (frame: Uint8Array) => {
  const at = frame.length - 2;
  return crc16Modbus(frame, 0, at) === ((frame[at] as number) | ((frame[at + 1] as number) << 8));
};

/**
 * What came so far after a request: `more` to wait for, else the values, or why it is no answer. An echo of the request
 * in front (adapters of two-wire lines) is left out. More bytes than an answer has make it none: two answers in
 * one piece cannot be told apart.
 */
export function readRtu(request: Request, received: Uint8Array): 'more' | Uint8Array | Problem {
  const sent = rtuRequest(request);
  // The answer to a write is its echo: on an adapter that echoes as well, writes come out as not answered.
  const echoed =
    !isWrite(request) && received.length >= sent.length && sent.every((byte, i) => received[i] === byte);
  const frame = echoed ? received.subarray(sent.length) : received;
  if (frame.length < 2) return 'more';
  const whole = 3 + (isException(frame[1] as number) ? exceptionPduBytes : answerPduBytes(request));
  // Could still become an echo.
  const growing =
    frame.length < whole ||
    (!isWrite(request) && !echoed && frame.length < sent.length && startsLike(sent, frame));
  if (growing) return 'more';
  if (frame.length > whole)
    return faults.problem('modbus.foreign', { detail: `${frame.length} bytes instead of ${whole}` });
  if (!hasCheck(frame)) return faults.problem('modbus.check');
  if (frame[0] !== request.unit)
    return faults.problem('modbus.foreign', { detail: `unit ${frame[0]} instead of ${request.unit}` });
  return readAnswer(request, frame.subarray(1, frame.length - 2));
}

const startsLike = (sent: Uint8Array, frame: Uint8Array) => frame.every((byte, i) => sent[i] === byte);
