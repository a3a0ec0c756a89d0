import { defineFaults } from '#flows/fault';

/** Every fault of the box. */
export const faults = defineFaults({
  'config.unreadable': {
    message: 'The config file could not be read: {detail}.',
    help: 'Check the path and that the process may read it.',
  },
  'config.invalid': {
    message: 'The config is not valid: {detail}.',
    help: 'Correct the field; docs/reference/config.md lists them all.',
  },
  'box.running': {
    message: 'Another process ({pid}) runs a box in the data folder {folder}.',
    help: 'Stop it first, or give this box a data folder of its own.',
  },
  'data.unwritable': {
    message: 'The data folder {folder} cannot be written: {detail}.',
    help: 'Make the folder writable for the user that runs the box, and check that the disk is not full.',
  },
  'address.taken': {
    message: 'The address {address} cannot be listened on: {detail}.',
    help: 'Stop what uses it, or give another address in the config.',
  },
  'identity.lost': {
    message: 'The box {box} has lost what its hub knows it by.',
    help: 'It keeps what it concludes. Make a new token for it at the hub and put it into the file of enrolment; see /status.',
  },
  'enrol.token': {
    message: 'The enrolment token is not usable: {detail}.',
    help: 'Make a new token at the hub and put it into the file, mode 0600.',
  },
  'enrol.authority': {
    message: 'The hub at {url} shows another certificate authority than the token names.',
    help: 'Do not go on: someone may stand between. Check the address and make a new token at the hub.',
  },
  'enrol.refused': {
    message: 'The hub refused the enrolment: {detail}.',
    help: 'A token works once and not for long: make a new one at the hub.',
  },
  'enrol.unreachable': {
    message: 'The hub at {url} could not be reached for enrolment: {detail}.',
    help: 'Check the network and the address; the box runs meanwhile and tries again.',
  },
  'order.refused': {
    message: 'Flow {flow} asks node {node} to {action}, which it may not, or its device cannot.',
    help: 'A flow may ask its own devices for: {allowed}. All else needs a command of the hub, with its officers.',
  },
  'outbox.write': {
    message: 'The outbox could not be written: {detail}.',
    help: 'Free space or mend the disk; sources are paused and nothing is acknowledged until it works again.',
  },
  'outbox.full': {
    message: 'The disk budget of the outbox is used up by what may not be dropped.',
    help: 'Restore the link to the hub, or raise outbox.maxBytes; sources are paused until then.',
  },
  'outbox.corrupt': {
    message:
      'The outbox was damaged ({detail}); it was set aside as {file} and {events} events were saved from it.',
    help: 'Check the disk. The ranges that are lost are reported to the hub as tombstones.',
  },
  'flow.unknown': {
    message: 'There is no flow {flow}.',
    help: 'See the list of running flows at /status.',
  },
  'flow.invalid': {
    message: 'The flow {flow} is not valid: {detail}.',
    help: 'Correct the flow; `flow lint` shows every problem with its path.',
  },
  'flow.threw': {
    message: 'The flow {flow} failed on a message: {detail}.',
    help: 'The message is kept in the error records; the flow goes on.',
  },
  'driver.failed': {
    message: 'The driver of {node} could not be opened: {detail}.',
    help: 'Correct the config of the node.',
  },
  'broker.payload': {
    message: 'A device sent {bytes} bytes in one message; at most {max} are taken.',
    help: 'Let the device send less at a time.',
  },
  'broker.queue': {
    message: 'A device has {inFlight} messages unanswered and sends on.',
    help: 'The device does not heed the back-pressure of its connection; it was cut.',
  },
  'link.kafka': {
    message: 'The link goes by way of Kafka, and its client is not built on this machine.',
    help: 'Run npm run setup:kafka once, or take kafka out of the config of the box.',
  },
  'link.lost': {
    message: 'The link to the hub was lost: {detail}.',
    help: 'Events wait in the outbox; the box dials again by itself.',
  },
  'link.date': {
    message: "The hub's certificate does not go with this machine's clock, {time}: {detail}.",
    help: 'Set the clock, or see why chrony does not; if the clock is right, the hub has let its certificate run out.',
  },
  'link.refused': {
    message: 'The hub refused the box: {detail}.',
    help: 'See the box at the hub: its certificate may have been revoked or have expired.',
  },
  'loop.hangs': {
    message: 'The process has done nothing for {seconds} s and ends, so that it is started anew.',
    help: 'A flow computes without an end: look for nested lists in its expressions. After as many ends as recovery.crashes says the box goes back by itself to the release before.',
  },
  'uplink.refused': {
    message: 'The hub refused a batch of {priority}: {detail}.',
    help: 'See the code at the hub; the events stay in the outbox.',
  },
  'models.folder': {
    message: 'There is no folder {folder} with models.',
    help: 'Correct models.folders in the config; until then no model is there, and nothing is cleared.',
  },
  'models.late': {
    message: 'Not all models were ready after {seconds} s: flows start without them.',
    help: 'Until they are ready their scans get no verdict; see the models in the status of the box.',
  },
  'frame.missing': {
    message: 'The pixels of columns {from} to {to} of scan {scan} are not there.',
    help: 'They were given up for room or could not be kept; see the events quaywatch.scan.*.',
  },
  'frame.damaged': {
    message: 'The pixels of columns {from} to {to} of scan {scan} are not what was written: {detail}.',
    help: 'Check the disk of the box; the scan is not judged on them.',
  },
  'scan.exists': {
    message: 'There is a scan {scan} already.',
    help: 'A driver gives every scan an identity of its own, unique on the box.',
  },
  'scan.shape': {
    message: 'Scan {scan} of {rows} rows and {planes} planes cannot be kept.',
    help: 'A scan has 1 to 16,384 rows, 1 to 8 planes and whole columns in every strip.',
  },
  'scan.room': {
    message: 'The disk budget of scans is used up by what may not be given up yet.',
    help: 'Raise scans.maxBytes, free the disk, or see why nothing judges the scans.',
  },
  'scan.write': {
    message: 'A scan could not be written: {detail}.',
    help: 'Free space or mend the disk; scans are judged from memory meanwhile and not kept.',
  },
  'command.invalid': {
    message: 'The hub sent something that is not valid: {detail}.',
    help: 'The hub and the box may be of different versions.',
  },
  'command.signature': {
    message: 'A {kind} came whose signature does not fit the pinned release key.',
    help: 'Check who can publish to the broker; the command was not carried out.',
  },
  'command.box': {
    message: 'A {kind} came that is for the box {box}.',
    help: 'Send it to that box.',
  },
  'command.expired': {
    message: 'A {kind} came that expired at {expires}.',
    help: 'Send it again; check the clock of the box and the hub.',
  },
  'command.unknown': {
    message: 'There is no action {action} at {node}.',
    help: 'See the flows that run on the box, and the reference page of the driver.',
  },
  'command.wrong': {
    message: 'The command is not as the action has it: {detail}.',
    help: 'Correct it and ask again; hub and box may be of different versions. Nothing was sent.',
  },
  'command.authorisation': {
    message: 'The authorisation is not for {action} of {device}.',
    help: 'Ask for an authorisation of this device and action. Nothing was sent.',
  },
  'command.officers': {
    message: '{action} needs two different officers.',
    help: 'Let a second officer approve it. Nothing was sent.',
  },
  'command.early': {
    message: 'The authorisation begins at {notBefore}.',
    help: 'Ask again then, or check the clock of the box. Nothing was sent.',
  },
  'command.over': {
    message: 'The authorisation ended at {notAfter}.',
    help: 'Ask for a new one, or check the clock of the box. Nothing was sent.',
  },
  'command.used': {
    message: 'The authorisation {id} was used for another command.',
    help: 'An authorisation counts once: ask for a new one. Nothing was sent.',
  },
  'command.nowhere': {
    message: 'Nobody knows where {device} is: it has given no fix in the last ten minutes.',
    help: 'Wait for a position of the device, or authorise it without a zone. Nothing was sent.',
  },
  'command.outside': {
    message: 'The device {device} is outside the zone of its authorisation.',
    help: 'Bring it into the zone, or authorise another one. Nothing was sent.',
  },
  'command.lockedOut': {
    message: 'The device {device} was tried with wrong passwords and takes no orders until {until}.',
    help: 'Look at the device; ask again after that. Nothing was sent.',
  },
  'command.rate': {
    message: 'The device {device} was given {max} orders in ten minutes.',
    help: 'Find out who asks so often, and wait. Nothing was sent.',
  },
  'command.reused': {
    message: 'Another command came under the id {id} of an earlier one.',
    help: 'The earlier one stands; look who sends to this box.',
  },
  'command.timedOut': {
    message: 'The device {device} has not reported that {action} was done within its time.',
    help: 'Look at the device: an acknowledgement is no proof. Do not ask again before you know its state.',
  },
  'command.unwritten': {
    message: 'Command {id} is {state}, which could not be written to disk.',
    help: 'Free space or mend the disk; nothing is sent to a device that was not written down first.',
  },
  'command.failed': {
    message: 'The command failed: {detail}.',
    help: 'Look at the node of the device on the box.',
  },
  'release.old': {
    message: 'Release {version} is older than {running}, which runs.',
    help: 'To go back, release the earlier content under a new version.',
  },
  'release.conflict': {
    message: 'Release {version} runs already with other content.',
    help: 'Give every content its own version.',
  },
  'release.loss': {
    message: 'The release would lose the state of {nodes}.',
    help: 'Confirm the loss by naming them, or keep the nodes.',
  },
  'bundle.unavailable': {
    message: 'The hub does not give {file} of bundle {id} {version}: {detail}.',
    help: 'Import the bundle at the hub again under a new version and release that; what ran goes on.',
  },
  'bundle.damaged': {
    message: 'The file {file} of bundle {id} {version} came twice and is not the one that its release names.',
    help: 'Check the disk of the hub, import the bundle again under a new version and release that; what ran goes on.',
  },
  'release.fellBack': {
    message: 'Release {version} was taken back: the box ended again and again while it checked or ran it.',
    help: 'Find out why (journalctl -u quaywatch-box) and release a mended one under a new version.',
  },
  'release.unreadable': {
    message:
      'What the hub sent ({bytes} bytes) is not read any more: the box ended again and again while it read it.',
    help: 'Release less under a new version: smaller fence sets, flows without large tests. What ran goes on.',
  },
  'fences.builder': {
    message: 'The thread that builds fence sets failed: {detail}.',
    help: 'Look for lack of memory; the sets before stay in use.',
  },
  'fences.invalid': {
    message: 'The fence set {name} cannot be used: {detail}.',
    help: 'Mend the fence set at the hub and release it again.',
  },
  'release.failed': {
    message: 'The release could not be carried out: {detail}.',
    help: 'The flows that run are shown at /status.',
  },
  'demo.running': {
    message: 'A demo already runs in {folder}.',
    help: 'Open its screen (http://127.0.0.1:{port} unless it was given another port), or stop it first with Ctrl-C; --data DIR runs another.',
  },
  'demo.port': {
    message: 'Port {port} of this machine is taken.',
    help: 'Stop what uses it, or give the demo other ports: npm start -- --port 9080.',
  },
  'demo.disk': {
    message: 'There are {free} MiB free at {folder}, and the demo wants {needed}.',
    help: 'Free some space, or put the data elsewhere: npm start -- --data DIR.',
  },
  'demo.library': {
    message: 'The shipped {what} cannot be used: {detail}.',
    help: 'Check out the repository again; the demo runs what it ships.',
  },
  'roads.unreadable': {
    message: 'The file of roads could not be read: {detail}.',
    help: 'Check the path and that the file is whole.',
  },
  'roads.format': {
    message: 'The file is neither GeoJSON nor OpenStreetMap XML: {detail}.',
    help: 'Roads are a GeoJSON FeatureCollection of lines, or an OpenStreetMap extract (.osm), each also gzipped.',
  },
  'roads.invalid': {
    message: 'The roads cannot be used: {detail}.',
    help: 'Roads are lines with properties.id, each id once, coordinates in degrees.',
  },
  'track.line': {
    message: 'The line is no position: {detail}.',
    help: 'Each line is a message of kind position as JSON, with lon and lat in degrees.',
  },
});
