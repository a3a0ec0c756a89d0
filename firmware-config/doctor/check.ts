/** One thing that was looked at. `warn`: works, but somebody should know. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do; empty when all is well. */
  readonly help: string;
}

export type Check = () => Promise<Finding> | Finding;

export const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail, help: '' });
export const warn = (check: string, detail: string, help: string): Finding => ({
  check,
  state: 'warn',
  detail,
  help,
});
export const fail = (check: string, detail: string, help: string): Finding => ({
  check,
  state: 'fail',
  detail,
  help,
});

/** Runs checks one after the other; one that throws is a finding of its own and stops no other. */
export async function examine(checks: Readonly<Record<string, Check>>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      findings.push(await check());
    } catch (error) {
      findings.push(fail(name, error instanceof Error ? error.message : String(error), 'See the message.'));
    }
  }
  return findings;
}
