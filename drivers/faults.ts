import { defineFaults } from '#flows/fault';

/** Every code that a driver, a transport or a session can report. */
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
  'jt808.noise': {
    message: '{bytes} bytes are no JT/T 808 packet.',
    help: 'Check that the device at this address speaks JT/T 808.',
  },
  'jt808.short': {
    message: 'A packet has {bytes} bytes, less than a header.',
    help: 'Bytes were lost on the way; the terminal repeats what is not answered.',
  },
  'jt808.cut': {
    message: 'A packet ended in the middle.',
    help: 'The connection broke; the terminal repeats what was not answered.',
  },
  'jt808.escape': {
    message: 'A packet has an escape that is none.',
    help: 'Bytes were changed on the way; the terminal repeats what is not answered.',
  },
  'jt808.check': {
    message: 'The check byte of a packet is wrong.',
    help: 'Bytes were changed on the way; the terminal repeats what is not answered.',
  },
  'jt808.flags': {
    message: 'The line does not begin and end with 7e.',
    help: 'Give one packet a line, as on the wire, with both flags.',
  },
  'jt808.length': {
    message: 'The header says {said} bytes of body, and there are {has}.',
    help: 'The packet was set aside; report it with the make of the terminal if it goes on.',
  },
  'jt808.encrypted': {
    message: 'The body is encrypted (method {method}).',
    help: 'Switch encryption off in the terminal and use a private network or VPN.',
  },
  'jt808.subpackage': {
    message: 'Sub-package {index} of {total} cannot be.',
    help: 'The packet was set aside; report it with the make of the terminal.',
  },
  'jt808.incomplete': {
    message: 'A message stayed incomplete: {have} of {total} sub-packages came.',
    help: 'The terminal was asked for the rest; look at its signal.',
  },
  'jt808.body': {
    message: 'The body of {id} cannot be read: {detail}.',
    help: 'The message was set aside; report it with the make of the terminal.',
  },
  'jt808.batch': {
    message: 'A batch says {said} locations, and {read} could be read.',
    help: 'What could be read was taken; report the packet with the make of the terminal.',
  },
  'jt808.place': {
    message: 'There is no place at {lat}, {lon}.',
    help: 'The report was set aside; look at the GNSS antenna of the terminal.',
  },
  'mqtt.refused': {
    message: 'The broker refused the connection: {detail}.',
    help: 'Check user, password, client id and what the broker allows them.',
  },
  'mqtt.subscription.refused': {
    message: 'The broker refused to subscribe to {topic}.',
    help: "Check the topic filter and the broker's access list.",
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
  'n42.noise': {
    message: '{bytes} characters are no N42 document.',
    help: 'Check that the instrument at this address sends ANSI N42.42.',
  },
  'n42.cut': {
    message: 'A document ended in the middle.',
    help: 'What was whole was taken; the rest was lost with the connection or was never written.',
  },
  'n42.toolong': {
    message: 'An element has more than {limit} bytes.',
    help: 'The document was set aside from there on; report it with the make of the instrument.',
  },
  'n42.xml': {
    message: 'The document is no XML: {detail}.',
    help: 'It was set aside from there on: behind such a place values could be taken for those of another detector.',
  },
  'n42.channels': {
    message: 'The channels of a spectrum cannot be read: {detail}.',
    help: 'The spectrum was set aside; report it with the make of the instrument.',
  },
  'n42.field': {
    message: 'A measurement has a wrong {field}: {value}.',
    help: 'The measurement was set aside; report it with the make of the instrument.',
  },
  'nmea.noise': {
    message: '{bytes} bytes are no NMEA sentence.',
    help: 'Check baud rate and wiring if it goes on.',
  },
  'nmea.toolong': {
    message: 'A sentence has more than {limit} bytes.',
    help: 'Check baud rate and wiring if it goes on.',
  },
  'nmea.cut': {
    message: 'A sentence ended in the middle.',
    help: 'Bytes were lost on the way: check the line and its load.',
  },
  'nmea.checksum': {
    message: 'The checksum is {given}, and the sentence has {computed}.',
    help: 'Bytes were changed on the way: check wiring and baud rate.',
  },
  'nmea.nochecksum': {
    message: 'The sentence has no checksum.',
    help: 'Switch checksums on in the receiver: nothing shows that such a sentence is whole.',
  },
  'nmea.field': {
    message: 'The sentence {sentence} has a wrong {field}: {value}.',
    help: 'The sentence was set aside; report it with the make of the receiver.',
  },
  'hex.syntax': {
    message: 'The line is no hexadecimal.',
    help: 'Give two digits a byte; spaces are allowed.',
  },
  'json.syntax': {
    message: 'The payload is no JSON: {detail}.',
    help: 'Correct the sender; the message was set aside and acknowledged.',
  },
  'json.toolarge': {
    message: 'A payload has more than {limit} bytes.',
    help: 'It was set aside; raise maxPayloadBytes if it is meant to come.',
  },
  'json.shape': {
    message: 'The payload fits none of the formats: {detail}.',
    help: 'Set `format`, or describe the payload in `map`.',
  },
  'json.message': {
    message: 'The {kind} message is wrong at {path}: {detail}.',
    help: 'Correct the sender, or the `map`; the reference page of messages lists every field.',
  },
  'owntracks.field': {
    message: 'The OwnTracks {type} has no usable {field}.',
    help: 'Correct the sender; the message was set aside and acknowledged.',
  },
  'owntracks.encrypted': {
    message: 'The OwnTracks payload is encrypted.',
    help: 'Switch payload encryption off and use TLS.',
  },
  'owntracks.type': {
    message: 'OwnTracks has no type {type}.',
    help: 'Correct the sender, or set `format` to map.',
  },
  'map.rule': {
    message: 'No rule of `map` applies.',
    help: 'Add a rule without `when` as the last one, or correct the sender.',
  },
  'map.field': {
    message: 'The field {field} cannot be had from {pointer}: {detail}.',
    help: 'Correct the pointer in `map`, or mark the field as optional.',
  },
});
