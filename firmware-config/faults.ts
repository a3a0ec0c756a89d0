import { defineFaults } from '#flows/fault';

/** Faults of what box and hub share beside the language. */
export const faults = defineFaults({
  'scanfile.damaged': {
    message: 'The scan file cannot be read: {detail}.',
    help: 'Fetch it again from the box; if the copy there is damaged too, the scan is lost.',
  },
});
