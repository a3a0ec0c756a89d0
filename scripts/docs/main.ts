import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drivers } from '#drivers/registry';
import { BoxConfig } from '#firmware-config/box';
import { Event } from '#flows/event';
import { eventTypes } from '#flows/event-types';
import { FlowDocument } from '#flows/flow';
import { messageSchemas } from '#flows/message';
import { stages } from '#flows/registry';
import { HubConfig } from '#hub/config';
import { configPage, eventsPage, faultsPage } from './contracts.ts';
import { driversPage, stagesPage } from './definitions.ts';
import { examplesIn } from './examples.ts';
import { faultTables } from './faults.ts';
import { asSchema } from './schema.ts';

const messages = () =>
  Object.fromEntries(Object.entries(messageSchemas).map(([kind, schema]) => [kind, asSchema(schema)]));

/** Every page of the reference by its path, from the definitions as they are built. */
function pages(root: string): Record<string, string> {
  const examples = examplesIn(join(root, 'flows/library'));
  return {
    'docs/reference/config.md': configPage(asSchema(BoxConfig), asSchema(HubConfig), asSchema(FlowDocument)),
    'docs/reference/drivers.md': driversPage(drivers, examples),
    'docs/reference/events.md': eventsPage(asSchema(Event), messages(), eventTypes),
    'docs/reference/faults.md': faultsPage(faultTables),
    'docs/reference/stages.md': stagesPage(stages, examples),
  };
}

/** Writes what differs; with `check` writes nothing. Returns the pages that were not current. */
export function reference(root: string, check: boolean): string[] {
  const stale: string[] = [];
  for (const [path, text] of Object.entries(pages(root))) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  }
  return stale;
}
