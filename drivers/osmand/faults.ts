import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const osmandCodes = {
  'osmand.form': {
    message: 'The request is neither a query nor JSON with a location: {detail}.',
    help: 'Check the address and the format that the app or tracker is set to (OsmAnd, Traccar client).',
  },
  'osmand.field': {
    message: 'A report has a wrong {field}: {value}.',
    help: 'The report was refused; look at the settings of the app or tracker.',
  },
  'osmand.place': {
    message: 'There is no place at {lat}, {lon}.',
    help: 'The report was refused: look at the receiver of the device.',
  },
} as const satisfies Record<string, FaultEntry>;
