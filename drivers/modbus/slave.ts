import { crc16Modbus } from '../crc16.ts';
import { isBits } from './profile.ts';
import { rtuFrame } from './rtu.ts';
import { tcpFrame } from './tcp.ts';

/** Registers of a simulated device, by function code. */
export interface Registers {
  /** A word, or a bit for function codes 1 and 2. */
  word(functionCode: number, address: number): number;
  /** Sets a coil; false: there is none. */
  write?(coil: number, on: boolean): boolean;
}

/** The answer of a device to a request: values, or an exception for what it cannot. */
export function answerPdu(registers: Registers, request: Uint8Array): Uint8Array {
  const [functionCode = 0] = request;
  if (functionCode === 5 && registers.write) {
    const coil = ((request[1] as number) << 8) | (request[2] as number);
    return registers.write(coil, request[3] === 0xff) ? request : Uint8Array.of(0x85, 2);
  }
  if (functionCode < 1 || functionCode > 4) return Uint8Array.of(functionCode | 0x80, 1);
  const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
  const address = view.getUint16(1);
  const count = view.getUint16(3);
  const bits = isBits({ functionCode } as Parameters<typeof isBits>[0]);
  if (count < 1 || count > (bits ? 2000 : 125) || address + count > 65_536)
    return Uint8Array.of(functionCode | 0x80, 2);
  const bytes = bits ? Math.ceil(count / 8) : 2 * count;
  const pdu = new Uint8Array(2 + bytes);
  pdu.set([functionCode, bytes]);
  for (let i = 0; i < count; i++) {
    const value = registers.word(functionCode, address + i);
    if (bits) pdu[2 + (i >> 3)] = (pdu[2 + (i >> 3)] as number) | ((value & 1) << (i & 7));
    else pdu.set([(value >> 8) & 0xff, value & 0xff], 2 + 2 * i);
  }
  return pdu;
}

const requestBytes = 8;

/** Takes requests off a serial line for one unit; what is none is dropped, as devices do. */
export function rtuSlave(unit: number, registers: Registers, answer: (frame: Uint8Array) => void) {
  let held: Uint8Array = new Uint8Array();
  return (bytes: Uint8Array): void => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= requestBytes) {
      const frame = held.subarray(0, requestBytes);
      const check = (frame[6] as number) | ((frame[7] as number) << 8);
      if (crc16Modbus(frame, 0, 6) !== check) {
        held = held.slice(1);
        continue;
      }
      held = held.slice(requestBytes);
      if (frame[0] === unit) answer(rtuFrame(unit, answerPdu(registers, frame.slice(1, 6))));
    }
  };
}

/** Takes requests off a TCP connection. */
export function tcpSlave(registers: Registers, answer: (frame: Uint8Array) => void) {
  let held: Uint8Array = new Uint8Array();
  return (bytes: Uint8Array): void => {
    held = Buffer.concat([held, bytes]);
    while (held.length >= 12) {
      const length = 6 + (((held[4] as number) << 8) | (held[5] as number));
      if (held.length < length) return;
      const frame = held.slice(0, length);
      held = held.slice(length);
      const transaction = ((frame[0] as number) << 8) | (frame[1] as number);
      answer(tcpFrame(transaction, frame[6] as number, answerPdu(registers, frame.subarray(7))));
    }
  };
}
