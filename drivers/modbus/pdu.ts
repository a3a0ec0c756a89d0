import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';

/** A request, as the protocol has it beneath serial line and TCP. */
export interface Request {
  readonly unit: number;
  readonly functionCode: number;
  readonly address: number;
  /** Of a write of one coil its value: 0xff00 is on, 0 is off. */
  readonly count: number;
}

const writeCoil = 5;
export const isWrite = ({ functionCode }: Pick<Request, 'functionCode'>): boolean =>
  functionCode === writeCoil;

/** Switches one coil on or off. */
export const coilRequest = (unit: number, address: number, on: boolean): Request => ({
  unit,
  functionCode: writeCoil,
  address,
  count: on ? 0xff00 : 0,
});

export const requestPdu = ({ functionCode, address, count }: Request): Uint8Array =>
  Uint8Array.of(functionCode, address >> 8, address & 0xff, count >> 8, count & 0xff);

/** Bytes of values in the answer to a request. */
export const dataBytes = ({ functionCode, count }: Pick<Request, 'functionCode' | 'count'>): number =>
  functionCode <= 2 ? Math.ceil(count / 8) : 2 * count;

/** Function code, number of bytes, values; a write is answered with itself. */
export const answerPduBytes = (request: Request): number =>
  isWrite(request) ? requestPdu(request).length : 2 + dataBytes(request);
export const exceptionPduBytes = 2;
export const isException = (functionCode: number): boolean => (functionCode & 0x80) !== 0;

const names: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal address',
  3: 'illegal value',
  4: 'device failure',
  5: 'acknowledged, wait',
  6: 'busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target does not answer',
};

/** The values of an answer, or why it is none. */
export function readAnswer(request: Request, pdu: Uint8Array): Uint8Array | Problem {
  const [code = 0, second = 0] = pdu;
  if (code === (request.functionCode | 0x80) && pdu.length === exceptionPduBytes) {
    const { unit, address } = request;
    return faults.problem('modbus.exception', {
      unit,
      address,
      code: second,
      name: names[second] ?? 'unknown',
    });
  }
  if (isWrite(request)) {
    const asked = requestPdu(request);
    const same = pdu.length === asked.length && asked.every((byte, i) => pdu[i] === byte);
    return same
      ? pdu.subarray(1)
      : faults.problem('modbus.foreign', { detail: 'it is not what was written' });
  }
  const expected = dataBytes(request);
  if (code !== request.functionCode)
    return faults.problem('modbus.foreign', {
      detail: `function ${code} instead of ${request.functionCode}`,
    });
  if (second !== (expected & 0xff) || pdu.length !== 2 + expected)
    return faults.problem('modbus.foreign', {
      detail: `${pdu.length - 2} bytes of values instead of ${expected}`,
    });
  return pdu.subarray(2);
}
