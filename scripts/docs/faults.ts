import { faults as drivers } from '#drivers/faults';
import { faults as edge } from '#edge/faults';
import type { FaultEntry } from '#flows/fault';
import { faults as flows } from '#flows/faults';
import { faults as stages } from '#flows/stages/faults';
import { faults as hub } from '#hub/faults';

/** Every folder's table of fault codes. */
export const faultTables: readonly Readonly<Record<string, FaultEntry>>[] = [
  drivers.table,
  edge.table,
  flows.table,
  stages.table,
  hub.table,
];
