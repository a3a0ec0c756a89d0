import { defineFaults } from '#flows/fault';

/** Faults of what box and hub share beside the language. */
export const faults = defineFaults({
  'config.form': {
    message: 'The config of the box is no set of fields with a version.',
    help: 'Start from an example: docs/appliance.md has one.',
  },
  'config.newer': {
    message: 'The config has version {version}, and this software knows versions up to {newest}.',
    help: 'Update the software, or restore the config that was kept beside it.',
  },
  'scanfile.damaged': {
    message: 'The scan file cannot be read: {detail}.',
    help: 'Fetch it again from the box; if the copy there is damaged too, the scan is lost.',
  },
  'update.form': {
    message: 'The file is no update: {detail}.',
    help: 'Take the file that `quaywatch update pack` made, whole.',
  },
  'update.signature': {
    message: 'The update to version {version} is not signed by the key that this box trusts.',
    help: 'Do not install it. Get the update from where the box gets its releases.',
  },
  'update.content': {
    message: '{path} {detail}.',
    help: 'The file was changed or damaged on its way: fetch it again. The box runs what it ran.',
  },
  'update.old': {
    message: 'Version {version} is older than {running}, which runs.',
    help: 'To go back to what ran before: `quaywatch update rollback`; to take it all the same: --allow-older.',
  },
  'update.trial': {
    message: 'Version {version} is on trial and has yet to show that it is healthy.',
    help: 'Wait until it is confirmed or taken back (`quaywatch update status`), or roll it back.',
  },
  'update.room': {
    message: 'There are {free} MB free, and the update wants {needed}.',
    help: 'Free some space on the disk of the software.',
  },
  'update.nothing': {
    message: 'There is no version in the other slot.',
    help: 'Install the one that is wanted.',
  },
  'update.key': {
    message: 'There is no key to check the update with: {detail}.',
    help: 'Enrol the box, or name the file with the public release key (--release-key FILE, 32 bytes as base64).',
  },
});
