import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const modbusCodes = {
  'modbus.timeout': {
    message: 'No answer from unit {unit} within {ms} ms.',
    help: 'Check wiring, address and baud rate; the line is left in peace for a while and then tried again.',
  },
  'modbus.check': {
    message: 'An answer has a wrong check sum.',
    help: 'Bytes were changed on the way: check wiring, termination and baud rate. Nothing of it was taken.',
  },
  'modbus.foreign': {
    message: 'An answer is none to what was asked: {detail}.',
    help: 'Somebody else answers or asks on this line, or a device answers late. Nothing of it was taken.',
  },
  'modbus.babble': {
    message: '{bytes} bytes came that nobody asked for.',
    help: 'A device speaks unasked, or a second master is on the line; find it if this goes on.',
  },
  'modbus.exception': {
    message: 'Unit {unit} refused to be read at {address}: exception {code}, {name}.',
    help: 'Check the profile against the manual of the device.',
  },
  'modbus.sentinel': {
    message: 'The device says that it has no value of {name}.',
    help: 'The reading is withheld until it has one: look at the sensor.',
  },
  'modbus.status': {
    message: 'The device says that its values do not count: {detail}.',
    help: 'Its readings are withheld until it says otherwise: look at the device.',
  },
  'modbus.profile': {
    message: 'The profile is wrong: {detail}.',
    help: 'Correct it; the reference page of the driver lists every field.',
  },
} as const satisfies Record<string, FaultEntry>;
