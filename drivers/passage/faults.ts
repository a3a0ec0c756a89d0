import type { FaultEntry } from '#flows/fault';

/** Fault codes of this driver; drivers/faults.ts joins them with the others. */
export const passageCodes = {
  'passage.form': {
    message: 'The report has no form that is known: {detail}.',
    help: 'The reference page of the driver lists the forms; other JSON is read by mqtt-json with a map.',
  },
  'passage.field': {
    message: 'A reading has a wrong {field}: {value}.',
    help: 'The report was refused; correct the reader or its settings.',
  },
} as const satisfies Record<string, FaultEntry>;
