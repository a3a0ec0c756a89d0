import type { Store } from '../store.ts';
import { createBoxStore } from './boxes.ts';
import { openDatabase } from './database.ts';
import { createRecordStore } from './events.ts';
import { createFenceSetStore } from './fence-sets.ts';
import { createFlowStore } from './flows.ts';
import { createAuditStore, createDocumentStore, createReleaseStore } from './ledger.ts';
import { createObjectStore } from './objects.ts';
import { createPeopleStore } from './people.ts';
import { createScanStore } from './scans.ts';
import { createVisitStore } from './visits.ts';

/** The store in a PostgreSQL database, which several hubs may share. Throws `store.postgres`, `store.version`. */
export async function openPostgresStore(url: string): Promise<Store> {
  const database = await openDatabase(url);
  return {
    records: createRecordStore(database),
    objects: createObjectStore(database),
    scans: createScanStore(database),
    boxes: createBoxStore(database),
    people: createPeopleStore(database),
    audit: createAuditStore(database),
    releases: createReleaseStore(database),
    documents: createDocumentStore(database),
    fenceSets: createFenceSetStore(database),
    visits: createVisitStore(database),
    flows: createFlowStore(database),
    close: () => database.close(),
  };
}
