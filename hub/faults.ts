import { defineFaults } from '#flows/fault';

/** Every fault of the hub, by code. */
export const faults = defineFaults({
  'hub.config': { message: 'The config is wrong: {detail}.', help: 'Mend the field that is named.' },
  'hub.running': {
    message: 'Another hub uses the data folder {folder}.',
    help: 'Stop it first, or give this one a folder of its own.',
  },
  'hub.data': {
    message: 'The data folder {folder} cannot be written: {detail}.',
    help: 'Make the folder writable for the user that runs the hub, and check that the disk is not full.',
  },
  'hub.port': {
    message: 'The address {address} for {what} cannot be used: {detail}.',
    help: 'Stop what uses it, or set another address in the config.',
  },
  'hub.keys': {
    message: '{file} can be read by others.',
    help: 'Run chmod 600 on it; if it may have been copied, make a new authority and enrol the boxes again.',
  },
  'store.version': {
    message: 'The database has schema version {found}, this software knows up to {known}.',
    help: 'Run the newer software that wrote it, or restore a backup.',
  },
  'store.postgres': {
    message: 'The PostgreSQL store cannot be used: {detail}.',
    help: 'See that the server runs, that store.postgres in the config is right, and that its user owns the database.',
  },
  'series.influx': {
    message: 'The series in InfluxDB cannot be used: {detail}.',
    help: 'See that InfluxDB 1.x runs, and that series.influx in the config is right.',
  },
  'link.kafka': {
    message: 'Kafka cannot be used: {detail}.',
    help: 'Run npm run setup:kafka once, and see that the brokers in the config can be reached.',
  },
  'link.mqtt': {
    message: 'The link by way of an MQTT broker cannot be opened: {detail}.',
    help: 'See that mqtt in the config is right, and that the files it names can be read.',
  },
  'enrol.token': {
    message: 'The enrolment token is unknown, used or expired.',
    help: 'Make a new token at the hub; a token counts once and for a limited time.',
  },
  'enrol.request': {
    message: 'The certificate request is wrong: {detail}.',
    help: 'Make a PKCS #10 request with an ECDSA P-256 key and an Ed25519 signing key of 32 bytes in base64.',
  },
  'link.unknown': {
    message: 'Box {box} is not enrolled here, or not with this certificate.',
    help: 'Enrol the box at this hub.',
  },
  'link.revoked': {
    message: 'The certificate of box {box} is revoked.',
    help: 'Enrol it anew if it is to come back.',
  },
  'link.topic': {
    message: 'Box {box} used {topic}, which is not its own.',
    help: 'A box publishes on its own `up` and subscribes to its own `down` only.',
  },
  'link.size': {
    message: 'A packet of {bytes} bytes from {box} is larger than the limit of {limit}.',
    help: 'Send smaller batches.',
  },
  'ingest.malformed': {
    message: 'What came is no message of the wire: {detail}.',
    help: 'Check that box and hub run compatible versions.',
  },
  'ingest.signature': {
    message: 'The signature of the batch does not fit the signing key of {box}.',
    help: 'Enrol the box again if its keys were replaced.',
  },
  'ingest.foreign': {
    message: 'The batch speaks for {found}, but came from {box}.',
    help: 'A box may speak for itself only.',
  },
  'ingest.event': {
    message: 'Event {sequence} is wrong: {detail}.',
    help: 'Events before it are stored; replace it by a tombstone.',
  },
  'ingest.order': {
    message: 'Event {sequence} does not follow {before}.',
    help: 'Send the events of a priority in order of sequence.',
  },
  'ingest.gap': {
    message: 'Event {sequence} names {previous} as the one before it, the hub has {upto}.',
    help: 'Send what follows {upto} first, or a tombstone for what is gone.',
  },
  'sequence.conflict': {
    message: 'Sequence {sequence} of {box} is stored with another content.',
    help: 'The stored event stands. Find out whether the data of the box was copied or put back.',
  },
  'api.query': { message: 'The request is wrong: {detail}.', help: 'Mend the field that is named.' },
  'api.notFound': { message: 'There is no {what}.', help: 'Check the address.' },
  'api.conflict': { message: '{detail}', help: 'Read the current state and try again.' },
  'api.signIn': { message: 'You are not signed in, or no longer.', help: 'Sign in.' },
  'api.credentials': {
    message: 'The name and password do not fit, or the link was used or has expired.',
    help: 'Try again, or make a new link with `quaywatch user link`.',
  },
  'api.role': { message: 'This needs the role {role}.', help: 'Ask an administrator.' },
  'api.origin': {
    message: 'The request comes from another page ({origin}).',
    help: 'Use the page that the hub serves.',
  },
  'api.busy': { message: 'Too many attempts.', help: 'Wait a minute and try again.' },
  'api.tooLarge': { message: 'The request is too large.', help: 'Send less at once.' },
  'api.clients': {
    message: 'The hub serves its limit of {limit} live clients.',
    help: 'Close a page that nobody looks at.',
  },
  'api.internal': {
    message: 'The hub failed to answer.',
    help: 'Look at its log under the same time.',
  },
  'fences.wrong': {
    message: 'The fences have {count} problems, the first: {detail}.',
    help: 'Mend it and try again; POST …/check lists all of them and stores nothing.',
  },
  'scan.elsewhere': {
    message: 'The hub does not have the pixels of scan {scan}.',
    help: 'Fetch it: POST /scans/:box/:scan/fetch; the thumbnail is here meanwhile.',
  },
  'scan.gone': {
    message: 'The pixels of scan {scan} are past their retention.',
    help: 'Its thumbnail, findings and verdict are kept.',
  },
  'scan.hash': {
    message: 'The file of scan {scan} that came from {box} is not the one that it announced.',
    help: 'It is fetched again; if that does not help, check the disk of the box.',
  },
  'scan.tooLarge': {
    message: 'Scan {scan} of {bytes} bytes does not fit the disk budget of the hub.',
    help: 'Raise scans.maxBytes or free the disk, then fetch it again.',
  },
  'hub.flow': {
    message: 'A flow that the config names cannot be read: {detail}.',
    help: 'Mend the file, or take it out of `flows` in the config of the hub.',
  },
  'flow.failed': {
    message: 'A message could not be handled: {code}: {detail}',
    help: 'The flow goes on without it; see the event that it was made of.',
  },
  'release.problems': {
    message: 'The flows have {count} problems, the first: {detail}.',
    help: 'Mend them; the plan lists all.',
  },
  'release.loss': {
    message: 'State would be lost: {lost}.',
    help: 'Name what may be lost in confirmLoss.',
  },
  'release.offline': { message: 'Box {box} is not connected.', help: 'Wait until its link is back.' },
  'command.unknown': {
    message: 'There is no action {action} at {node} of box {box}.',
    help: 'See the devices of the box, and the reference page of the driver.',
  },
  'command.wrong': { message: 'The command is wrong: {detail}.', help: 'Mend the field that is named.' },
  'command.over': {
    message: 'Command {id} is {state} and cannot be approved.',
    help: 'Ask for it again if it is still wanted.',
  },
  'command.same': {
    message: '{person} has asked for the command and cannot approve it.',
    help: 'A second person must.',
  },
  'laboratory.refused': {
    message: 'The files cannot be used: {detail}',
    help: 'Mend what is named in them, and give them again.',
  },
  'user.exists': { message: 'There is a user {name} already.', help: 'Choose another name.' },
  'user.password': {
    message: 'The password is too short.',
    help: 'Use at least 12 characters.',
  },
});
