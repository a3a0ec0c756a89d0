/**
 * A fault is an error that says what to do. Every folder keeps one table of its fault codes
 * (`faults.ts`), so that a code means one thing and an operator can look it up.
 */
export interface FaultEntry {
  /** One sentence, constant but for `{field}` places. */
  readonly message: string;
  /** What the person who reads it can do about it. */
  readonly help: string;
}

/** What is wrong, where, and what to do: the shape in which every problem is reported. */
export interface Problem {
  readonly code: string;
  /** A path such as `nodes[3].config.hysteresisM`, a file, an address or a device. */
  readonly at?: string;
  readonly message: string;
  readonly help: string;
}

export class Fault extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, cause?: unknown) {
    super(problem.message, cause === undefined ? undefined : { cause });
    this.name = 'Fault';
    this.problem = problem;
  }
}

export interface FaultMaker<Code extends string> {
  /** The table itself, for the reference. */
  readonly table: Readonly<Record<Code, FaultEntry>>;
  problem(code: Code, fields?: Record<string, string | number>, at?: string): Problem;
  fault(code: Code, fields?: Record<string, string | number>, at?: string, cause?: unknown): Fault;
}

/** Turns a table of codes into makers of problems and faults with the places filled in. */
export function defineFaults<const Table extends Record<string, FaultEntry>>(
  table: Table,
): FaultMaker<keyof Table & string> {
  const fill = (text: string, fields: Record<string, string | number>) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(fields[name] ?? '?'));
  const problem = (code: keyof Table & string, fields = {}, at?: string): Problem => {
    const entry = table[code] as FaultEntry;
    const filled = { code, message: fill(entry.message, fields), help: fill(entry.help, fields) };
    return at === undefined ? filled : { ...filled, at };
  };
  return {
    table,
    problem,
    fault: (code, fields, at, cause) => new Fault(problem(code, fields, at), cause),
  };
}

/** One line for a terminal: code, place, sentence, advice. */
export function describeProblem(problem: Problem): string {
  const place = problem.at === undefined ? '' : ` at ${problem.at}`;
  return `${problem.code}${place}: ${problem.message} ${problem.help}`;
}
