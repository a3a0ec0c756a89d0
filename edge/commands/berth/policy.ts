import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { Policy } from '#flows/ore/policy';
import { libraryFolder } from '../../demo/layout.ts';

/** The policy that the flow of the berth is shipped with. */
export function shippedPolicy(): Policy {
  const document: unknown = JSON.parse(readFileSync(join(libraryFolder, 'iron-ore-import.json'), 'utf8'));
  return Value.Parse(Policy, document);
}
