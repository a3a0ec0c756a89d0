import { defineFaults } from '#flows/fault';
import { aisCodes } from './ais/faults.ts';
import { cameraCodes } from './camera/faults.ts';
import { gt06Codes } from './gt06/faults.ts';
import { jt701Codes } from './jt701/faults.ts';
import { jt808Codes } from './jt808/faults.ts';
import { linescanCodes } from './linescan/faults.ts';
import { modbusCodes } from './modbus/faults.ts';
import { mqttJsonCodes } from './mqtt-json/faults.ts';
import { n42Codes } from './n42/faults.ts';
import { nmeaCodes } from './nmea/faults.ts';
import { osmandCodes } from './osmand/faults.ts';
import { passageCodes } from './passage/faults.ts';
import { radproCodes } from './radpro/faults.ts';
import { scanfileCodes } from './scanfile/faults.ts';
import { spectrometerCodes } from './spectrometer/faults.ts';
import { teltonikaCodes } from './teltonika/faults.ts';

/** Every code that a driver, a transport or a session can report; those of one protocol are in its folder. */
export const faults = defineFaults({
  'config.invalid': {
    message: 'The configuration is wrong: {detail}.',
    help: 'Correct the field; the reference page of the driver lists every one.',
  },
  'driver.threw': {
    message: 'The driver failed on a frame: {detail}.',
    help: 'The frame was set aside and the rest goes on; report it with the frame.',
  },
  'link.timeout': {
    message: 'No connection within {seconds} s.',
    help: 'Check address, cable and power; it is tried again by itself.',
  },
  'link.stuck': {
    message: 'The connection neither opened nor failed, and was killed.',
    help: 'It is tried again by itself; if it goes on, power-cycle the adapter.',
  },
  'link.closed': {
    message: 'The other side closed the connection.',
    help: 'It is opened again by itself; look at the device if it goes on.',
  },
  'link.failed': {
    message: 'The connection failed: {detail}.',
    help: 'Check address, cable and power; it is tried again by itself.',
  },
  'link.silent': {
    message: 'Nothing came for {seconds} s.',
    help: 'The connection is opened anew; check that the device is on and sends.',
  },
  'link.overflow': {
    message: '{count} bytes were lost while the flow had no room.',
    help: 'The flow is slower than the device: look at its queues.',
  },
  'serial.refused': {
    message: 'The serial line {path} cannot be opened: {detail}.',
    help: 'Check the path (/dev/serial/by-id is stable), the rights, and that nothing else holds it.',
  },
  'serial.host': {
    message: 'The process that holds the serial line ended: {detail}.',
    help: 'It is started again by itself; look at the kernel log if it goes on.',
  },
  'pty.failed': {
    message: 'A pseudo-terminal cannot be made: {detail}.',
    help: 'Install socat (Debian: apt install socat) or Python 3.',
  },
  'tls.refused': {
    message: 'No secure connection to {address}: {detail}.',
    help: 'Check the authority, the certificate and the clock.',
  },
  'secret.refused': {
    message: 'The box has no secret {name}.',
    help: 'Put it as a file of that name into the folder of secrets.',
  },
  'callin.unknown': {
    message: 'The device {device} called in and is not on the list.',
    help: 'Add it to `devices` of the node if it is meant to be heard; its connection was closed.',
  },
  'callin.changed': {
    message: 'A connection of {device} spoke for {other}.',
    help: 'One connection is one device: look whether somebody speaks in the name of another; it was closed.',
  },
  'command.absent': {
    message: 'The device {device} is not connected.',
    help: 'Wait until it has called in; its node shows when it was heard last. Nothing was sent.',
  },
  'command.busy': {
    message: 'The device {device} has an order that it has not answered.',
    help: 'Wait for its answer or until its time is over. Nothing was sent.',
  },
  'command.denied': {
    message: 'The device {device} did not carry out {action}: {detail}.',
    help: 'Look at the device; its manual says what its answer means.',
  },
  'command.none': {
    message: 'A device of {driver} cannot be told to {action} here.',
    help: 'The reference page of the driver lists the actions, and which fields of the config they need.',
  },
  'command.parameters': {
    message: 'The order {action} cannot be said to the device: {detail}.',
    help: 'Correct the parameters. Nothing was sent.',
  },
  'command.unanswered': {
    message: 'The device {device} did not answer: {detail}.',
    help: 'Whether it did what it was told, only its next report says.',
  },
  'scan.missing': {
    message: 'The pixels {file} are not there.',
    help: 'Give the folder that the scans were written into.',
  },
  'scan.damaged': {
    message: 'The pixels {file} are not what was written.',
    help: 'Decode the scan anew.',
  },
  'folder.refused': {
    message: 'The folder {path} cannot be used: {detail}.',
    help: 'Make it, and give the user of the box the right to read it and to move its files.',
  },
  'folder.move': {
    message: 'The file {name} cannot be moved: {detail}.',
    help: 'Give the user of the box the right to write in the folder; until then it is read again at each start.',
  },
  'folder.toolarge': {
    message: 'The file {name} has more than {limit} bytes.',
    help: 'It was moved to `failed`; raise maxFileBytes if it is meant to come.',
  },
  'folder.unreadable': {
    message: 'The file {name} cannot be read: {detail}.',
    help: 'It was moved to `failed`; look at its rights and at the disk.',
  },
  'mqtt.refused': {
    message: 'The broker refused the connection: {detail}.',
    help: 'Check user, password, client id and what the broker allows them.',
  },
  'mqtt.subscription.refused': {
    message: 'The broker refused to subscribe to {topic} at quality {qos}.',
    help: "Check the topic filter, the broker's access list and the quality of service that it offers.",
  },
  'mqtt.malformed': {
    message: 'The broker sent what is no MQTT: {detail}.',
    help: 'Check that the address is that of a broker; the connection is opened anew.',
  },
  'mqtt.toolarge': {
    message: 'A message of {bytes} bytes on {topic} is over the limit of {limit}.',
    help: 'It was refused and acknowledged; raise maxPayloadBytes if it is meant to come.',
  },
  'mqtt.keepalive': {
    message: 'The broker did not answer for {seconds} s.',
    help: 'The connection is opened anew; check the network.',
  },
  'mqtt.full': {
    message: 'More than {count} messages wait: one on {topic} was not taken.',
    help: 'It was not acknowledged, so its sender repeats it; the flow is slower than its devices.',
  },
  'mqtt.nobroker': {
    message: 'There is no url, and this box has no broker of its own.',
    help: 'Give the url of a broker, or switch on the broker in the config of the box.',
  },
  'hex.syntax': {
    message: 'The line is no hexadecimal.',
    help: 'Give two digits a byte; spaces are allowed.',
  },
  ...aisCodes,
  ...cameraCodes,
  ...gt06Codes,
  ...jt701Codes,
  ...jt808Codes,
  ...linescanCodes,
  ...modbusCodes,
  ...mqttJsonCodes,
  ...n42Codes,
  ...nmeaCodes,
  ...osmandCodes,
  ...passageCodes,
  ...radproCodes,
  ...scanfileCodes,
  ...spectrometerCodes,
  ...teltonikaCodes,
});
