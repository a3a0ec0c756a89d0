import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseSync } from 'vite';

export const root = resolve(import.meta.dirname, '../..');

/** A file as data, so that a rule can be shown a bad example as well as the repository. */
export interface Source {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** What a rule saw and what it found: one that checked nothing has shown nothing. */
export interface Outcome {
  readonly checked: number;
  readonly violations: readonly Violation[];
}

/** Every file of the repository that git knows or would add. */
export function repositoryFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
  return list
    .toString()
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(root, path)))
    .sort();
}

export const readSource = (path: string): Source => ({ path, text: readFileSync(join(root, path), 'utf8') });

export const isCode = (path: string): boolean => /\.(ts|tsx|mjs)$/.test(path) && !/\.d\.ts$/.test(path);
/** Tests, what tests are made of, and the suites that every implementation of an interface has to pass. */
export const isTest = (path: string): boolean =>
  /(\.test\.tsx?|\/conformance\.ts)$/.test(path) || path.startsWith('test/');

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

export type Node = { readonly type: string; readonly start: number; readonly [field: string]: unknown };

export interface Parsed {
  readonly imports: readonly Import[];
  readonly nodes: readonly Node[];
  /** Statements of the file itself, outside any function. */
  readonly body: readonly Node[];
  readonly comments: readonly { readonly text: string; readonly line: number }[];
}

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Several rules look at the same file: it is read once. */
const known = new WeakMap<Source, Parsed>();

/** Parses TypeScript or JavaScript; throws on a file that is none. */
export function parse(source: Source): Parsed {
  const before = known.get(source);
  if (before) return before;
  const parsed = parseAnew(source);
  known.set(source, parsed);
  return parsed;
}

function parseAnew({ path, text }: Source): Parsed {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const nodes = [...walk(program)];
  return {
    nodes,
    body: nodesAmong(program.body),
    imports: nodes.flatMap((node) => importOf(node, text)),
    comments: comments.map(({ value, start }) => ({ text: value, line: lineAt(text, start) })),
  };
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const nodesAmong = (values: readonly unknown[]): Node[] => values.filter(isNode);

function* walk(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value) yield* walk(item);
  } else if (isNode(value)) {
    yield value;
    for (const field of Object.values(value)) if (typeof field === 'object') yield* walk(field);
  }
}

const sources = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function importOf(node: Node, text: string): Import[] {
  if (!sources.has(node.type) || !isNode(node.source)) return [];
  const specifier = node.source.value;
  if (typeof specifier !== 'string') return [];
  const typeOnly = node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType';
  return [{ specifier, typeOnly, line: lineAt(text, node.start) }];
}
