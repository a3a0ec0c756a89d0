import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import { type Request, readAnswer, requestPdu } from './pdu.ts';

/** Transaction, protocol, length. */
const headBytes = 6;
/** Longest frame that the protocol has. */
export const maxTcpBytes = 260;

export function tcpFrame(transaction: number, unit: number, pdu: Uint8Array): Uint8Array {
  const length = pdu.length + 1;
  const frame = new Uint8Array(headBytes + length);
  frame.set([transaction >> 8, transaction & 0xff, 0, 0, length >> 8, length & 0xff, unit]);
  frame.set(pdu, 7);
  return frame;
}

export const tcpRequest = (request: Request, transaction: number): Uint8Array =>
  tcpFrame(transaction, request.unit, requestPdu(request));

/** As `readRtu`, over TCP: an answer counts for the transaction that it names. */
export function readTcp(
  request: Request,
  transaction: number,
  received: Uint8Array,
): 'more' | Uint8Array | Problem {
  if (received.length < headBytes + 2) return 'more';
  const view = new DataView(received.buffer, received.byteOffset, received.byteLength);
  const length = view.getUint16(4);
  if (view.getUint16(2) !== 0 || length < 3 || headBytes + length > maxTcpBytes)
    return faults.problem('modbus.foreign', { detail: 'it is no Modbus/TCP' });
  if (received.length < headBytes + length) return 'more';
  if (received.length > headBytes + length)
    return faults.problem('modbus.foreign', {
      detail: `${received.length} bytes instead of ${headBytes + length}`,
    });
  if (view.getUint16(0) !== transaction)
    return faults.problem('modbus.foreign', {
      detail: `transaction ${view.getUint16(0)} instead of ${transaction}`,
    });
  if (received[6] !== request.unit)
    return faults.problem('modbus.foreign', { detail: `unit ${received[6]} instead of ${request.unit}` });
  return readAnswer(request, received.subarray(7));
}
