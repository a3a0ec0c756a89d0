import { Type } from 'typebox';
import { Composer, type CST, Lexer, Parser } from 'yaml';
import { tooDeep } from './depth.ts';
import type { Problem } from './fault.ts';
import { faults } from './faults.ts';
import { DriverNode, FlowDocument, StageNode, Wire } from './flow.ts';
import { findings, withDefaults } from './lint/schema.ts';

/** A document of more characters is not read. */
const maxCharacters = 16_000_000;

/** A document of more levels is not read; GeoJSON in a config takes a dozen. */
const maxDepth = 100;

export type Parsed = { readonly document: FlowDocument } | { readonly problems: readonly Problem[] };

/** Reads a flow document, YAML or JSON, and fills in its defaults. Never throws. */
export function parseFlow(text: string): Parsed {
  if (text.length > maxCharacters) {
    return { problems: [faults.problem('flow.tooLarge', { size: text.length, limit: maxCharacters })] };
  }
  try {
    return readFlow(parseText(text));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { problems: [faults.problem('flow.syntax', { detail: detail.replace(/\.?\s*$/, '') })] };
  }
}

/** JSON is YAML too, but its own parser is much faster; where it fails, the YAML parser names the place. */
function parseText(text: string): unknown {
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      // flow style YAML, or an error that is told below
    }
  }
  const [parsed, ...more] = new Composer().compose(tokensOf(text), true, text.length);
  const [error] = parsed?.errors ?? [];
  if (error !== undefined) throw new SyntaxError(`${error.message} at ${placeIn(text, error.pos[0])}`);
  if (more.length > 0) throw new SyntaxError('there is more than one document');
  return parsed?.toJS({ maxAliasCount: 0 }) as unknown;
}

/** Reads without recursion, and stops at depths at which what reads on would run out of stack. */
function tokensOf(text: string): CST.Token[] {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > 2 * maxDepth)
      throw new SyntaxError(`it is nested deeper than ${maxDepth} levels`);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function placeIn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `${before.split('\n').length}:${offset - before.lastIndexOf('\n')}`;
}

const Frame = Type.Object(
  {
    ...FlowDocument.properties,
    nodes: Type.Array(Type.Unknown()),
    wires: Type.Array(Type.Unknown()),
  },
  { additionalProperties: false },
);

/** Checks a value as a flow document and fills in its defaults (not those of stages). Never throws. */
export function readFlow(value: unknown): Parsed {
  if (tooDeep(value, maxDepth)) {
    const detail = `it is nested deeper than ${maxDepth} levels`;
    return { problems: [faults.problem('flow.syntax', { detail })] };
  }
  if (!isRecord(value)) {
    return {
      problems: [faults.problem('flow.schema', { detail: 'must be an object with nodes and wires' })],
    };
  }
  const found = findings(Frame, value, '');
  const nodes = Array.isArray(value.nodes) ? value.nodes.map(nodeWithDefaults) : [];
  const wires = Array.isArray(value.wires) ? value.wires.map(wireWithDefaults) : [];
  nodes.forEach((node, place) => {
    const schema = isRecord(node) && 'driver' in node ? DriverNode : StageNode;
    found.push(...findings(schema, node, `nodes[${place}]`));
  });
  wires.forEach((wire, place) => {
    found.push(...findings(Wire, wire, `wires[${place}]`));
  });
  if (found.length > 0) {
    return {
      problems: found.map(({ path, message }) => faults.problem('flow.schema', { detail: message }, path)),
    };
  }
  return { document: { ...value, nodes, wires } as unknown as FlowDocument };
}

const nodeWithDefaults = (node: unknown): unknown => (isRecord(node) ? { config: {}, ...node } : node);

const wireWithDefaults = (wire: unknown): unknown =>
  isRecord(wire) ? withDefaults(Wire, { buffer: {}, ...wire }) : wire;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
