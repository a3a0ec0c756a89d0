import { bundlesOf } from '#flows/lint/bundles';
import { readFlow } from '#flows/parse';
import { stages } from '#flows/registry';
import type { Release, Status } from '#flows/wire';
import type { CalibrationView } from '../api/laboratory-types.ts';
import type { CalibrationName } from './laboratory.ts';

/** What is known of boxes and of what was released to them. */
export interface Released {
  /** The newest release to each box. */
  all(): readonly Release[];
  status(box: string): Pick<Status, 'models'> | undefined;
}

/** Boxes whose newest release has flows that name a calibration, where they have, or are to have, that version of it. */
export function usesOf({ id, version }: CalibrationName, { all, status }: Released): CalibrationView['used'] {
  return all().flatMap(({ box, version: release, flows, bundles = [] }) => {
    const named = flows.flatMap((flow) => {
      const read = readFlow(flow);
      if ('problems' in read) return [];
      return bundlesOf(read.document, stages).some((wanted) => wanted.id === id) ? [read.document.id] : [];
    });
    const has = bundles.find((one) => one.id === id)?.version;
    const runs = status(box)?.models?.find((one) => one.id === id)?.version;
    return named.length > 0 && (has ?? runs) === version ? [{ box, release, flows: named }] : [];
  });
}
