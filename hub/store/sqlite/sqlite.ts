import type { Store } from '../store.ts';
import { createBoxStore } from './boxes.ts';
import { createRecordStore } from './events.ts';
import { createFenceSetStore } from './fence-sets.ts';
import { createFlowStore } from './flows.ts';
import { createAuditStore, createDocumentStore, createReleaseStore } from './ledger.ts';
import { createObjectWriter } from './object-writer.ts';
import { createObjectStore } from './objects.ts';
import { createNames, openDatabase } from './open.ts';
import { createPeopleStore } from './people.ts';
import { createScanWriter } from './scan-writer.ts';
import { createScanStore } from './scans.ts';
import { createVisitStore } from './visits.ts';

/** The store in one SQLite file. Throws `store.version`. */
export function openSqliteStore(file: string): Store {
  const sql = openDatabase(file);
  const names = createNames(sql);
  const flows = createFlowStore(sql);
  return {
    records: createRecordStore(
      sql,
      names,
      createObjectWriter(sql, names),
      createScanWriter(sql),
      flows.writer,
    ),
    objects: createObjectStore(sql, names),
    scans: createScanStore(sql),
    boxes: createBoxStore(sql),
    people: createPeopleStore(sql),
    audit: createAuditStore(sql),
    releases: createReleaseStore(sql),
    documents: createDocumentStore(sql),
    fenceSets: createFenceSetStore(sql),
    visits: createVisitStore(sql),
    flows: flows.store,
    close: async () => {
      sql.close();
    },
  };
}
