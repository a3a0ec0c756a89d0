import { Environment, type ParseResult } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { type Message, messageSchemas } from './message.ts';
import { Refusal } from './process.ts';

/**
 * Expressions of filters, maps and keys: the Common Expression Language. The message is `m`, and each
 * of its fields goes by its name too, but for `type`, which CEL uses itself (`m.type`). Numbers of
 * messages are doubles, whole literals are integers, and the two may be mixed: `speedKph * 2`. Nothing
 * is generated or evaluated as JavaScript; regular expressions are RE2's, which run in linear time.
 */
export interface Expression {
  readonly text: string;
  /** Value as plain JSON. Throws Refusal `expression.failed` with the position where it failed. */
  value(message: Message): unknown;
  /** As `value`, for a condition: anything but true or false fails. */
  holds(message: Message): boolean;
  /** As `value`, for a finite number. */
  number(message: Message): number;
}

export interface ExpressionProblem {
  readonly message: string;
  /** Characters before the place where it is wrong. */
  readonly position: number;
}

const asNumber = (value: unknown): number => {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw new TypeError('not a number');
};

/** The library takes options for operators too, though its types do not say so. */
interface Operators {
  registerOperator(signature: string, handler: (a: number, b: number) => number, options: object): unknown;
}

function extend(environment: Environment): Environment {
  const operators: Operators = environment;
  const arithmetic: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  const sync = { async: false };
  for (const [sign, apply] of Object.entries(arithmetic)) {
    const mixed = (a: number, b: number) => apply(Number(a), Number(b));
    operators.registerOperator(`double ${sign} int: double`, mixed, sync);
    operators.registerOperator(`int ${sign} double: double`, mixed, sync);
  }
  operators.registerOperator('double % double: double', (a, b) => a % b, sync);
  for (const name of ['abs', 'ceil', 'floor', 'round', 'sqrt'] as const) {
    environment.registerFunction(`${name}(dyn): double`, (a: unknown) => Math[name](asNumber(a)), sync);
  }
  for (const name of ['min', 'max'] as const) {
    const pick = (a: unknown, b: unknown) => Math[name](asNumber(a), asNumber(b));
    environment.registerFunction(`${name}(dyn, dyn): double`, pick, sync);
  }
  const patterns = new Map<string, RE2JS>();
  const search = (text: string, pattern: string): boolean => {
    let compiled = patterns.get(pattern);
    if (!compiled) {
      if (patterns.size >= 100) patterns.clear();
      compiled = RE2JS.compile(pattern);
      patterns.set(pattern, compiled);
    }
    return compiled.matcher(text).find();
  };
  environment.registerFunction('string.search(string): bool', search, sync);
  return environment;
}

const fields = (): Set<string> => {
  const names = new Set(Object.values(messageSchemas).flatMap((schema) => Object.keys(schema.properties)));
  names.delete('type');
  return names.add('m');
};

function createEnvironment(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, limits: { maxAstNodes: 1000 } });
  for (const name of fields()) environment.registerVariable(name, 'dyn');
  return extend(environment);
}

/** Names of the message in hand, looked up without building an object for each message. */
class Scope extends Map<string, unknown> {
  message: Message | undefined;

  override get(name: string): unknown {
    return name === 'm' ? this.message : this.message?.[name as keyof Message];
  }
}

/** The library's own `matches` runs on JavaScript's backtracking engine: ours takes its place. */
function linearMatches(node: unknown): void {
  if (Array.isArray(node)) {
    for (const part of node) linearMatches(part);
    return;
  }
  if (typeof node !== 'object' || node === null || !('op' in node) || !('args' in node)) return;
  const { op, args } = node;
  if (op === 'rcall' && Array.isArray(args) && args[0] === 'matches') args[0] = 'search';
  linearMatches(args);
}

function describe(error: unknown): ExpressionProblem {
  if (!(error instanceof Error)) return { message: String(error), position: 0 };
  const { summary, range } = error as { summary?: string; range?: { start: number } };
  return { message: summary ?? error.message, position: range?.start ?? 0 };
}

type Parsed = { readonly run: ParseResult } | { readonly problem: ExpressionProblem };

function parse(text: string, want: readonly string[]): Parsed {
  try {
    const run = createEnvironment().parse(text);
    linearMatches(run.ast);
    const { valid, type, error } = run.check();
    if (!valid) return { problem: describe(error) };
    if (want.length > 0 && type !== 'dyn' && !want.includes(type ?? '')) {
      return { problem: { message: `This gives a ${type}, and a ${want[0]} is needed`, position: 0 } };
    }
    return { run };
  } catch (error) {
    return { problem: describe(error) };
  }
}

const wanted = { any: [], bool: ['bool'], number: ['double', 'int', 'uint'] } as const;
export type Wanted = keyof typeof wanted;

/** Problems of an expression as `check` of a stage reports them; none when it is good. */
export function checkExpression(
  text: string,
  path: string,
  want: Wanted = 'any',
): { path: string; message: string }[] {
  const parsed = parse(text, wanted[want]);
  if (!('problem' in parsed)) return [];
  return [{ path, message: `${parsed.problem.message} (at character ${parsed.problem.position + 1})` }];
}

/** Turns a result of CEL into JSON: integers to numbers, timestamps to ISO text, durations to seconds. */
function plain(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('the result is no number');
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Set) return [...value].map(plain);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  if (value instanceof Map || value.constructor === Object || value.constructor === undefined) {
    return Object.fromEntries(entries.map(([name, member]) => [String(name), plain(member)]));
  }
  const { seconds, nanos } = value as { seconds?: bigint; nanos?: number };
  if (typeof seconds === 'bigint') return Number(seconds) + Number(nanos ?? 0) / 1e9;
  throw new TypeError('the result is nothing that a message can hold');
}

/** Compiles once. Throws Error for a text that `checkExpression` would have refused. */
export function compileExpression(text: string, want: Wanted = 'any'): Expression {
  const parsed = parse(text, wanted[want]);
  if ('problem' in parsed) throw new Error(`${parsed.problem.message} in \`${text}\``);
  const { run } = parsed;
  const scope = new Scope();
  const raw = (message: Message): unknown => {
    scope.message = message;
    try {
      return run(scope);
    } catch (error) {
      const { message: what, position } = describe(error);
      throw new Refusal('expression.failed', `${what} in \`${text}\` at character ${position + 1}`);
    }
  };
  const fail = (got: string) => new Refusal('expression.failed', `\`${text}\` gave ${got}`);
  return {
    text,
    value(message) {
      const result = raw(message);
      try {
        return plain(result);
      } catch (error) {
        throw fail(error instanceof Error ? `what cannot be used: ${error.message}` : 'what cannot be used');
      }
    },
    holds(message) {
      const result = raw(message);
      if (typeof result !== 'boolean') throw fail(`a ${typeof result}, not true or false`);
      return result;
    },
    number(message) {
      const result = raw(message);
      const value = typeof result === 'bigint' ? Number(result) : result;
      if (typeof value !== 'number' || !Number.isFinite(value)) throw fail(`${typeof result}, not a number`);
      return value;
    },
  };
}
