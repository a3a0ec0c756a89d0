import { faults as drivers } from '#drivers/faults';
import { faults as edge } from '#edge/faults';
import { faults as firmware } from '#firmware-config/faults';
import type { FaultEntry } from '#flows/fault';
import { faults as flows } from '#flows/faults';
import { faults as stages } from '#flows/stages/faults';
import { faults as hub } from '#hub/faults';
import { faults as chemometrics } from '#models/chemometrics/faults';
import { faults as models } from '#models/faults';
import { faults as xrf } from '#models/xrf/faults';

/** The tables of fault codes by the folder that they are in. */
export const faultTables: Readonly<Record<string, Readonly<Record<string, FaultEntry>>>> = {
  drivers: drivers.table,
  edge: edge.table,
  'firmware-config': firmware.table,
  flows: flows.table,
  'flows/stages': stages.table,
  hub: hub.table,
  models: models.table,
  'models/chemometrics': chemometrics.table,
  'models/xrf': xrf.table,
};
