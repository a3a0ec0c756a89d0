import { UsageError } from './command.ts';

/** Runs `parse` (parseArgs of node:util); what it does not like is a wrong call. */
export function parseCall<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
