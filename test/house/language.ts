import {
  isCode,
  isTest,
  lineAt,
  type Node,
  type Outcome,
  parse,
  type Source,
  type Violation,
} from './source.ts';

/** Ways round the type checker. */
const directives = /@ts-(ignore|nocheck|expect-error)|biome-ignore-all/;

/** Ways round the type checker, and test doubles put in place of our own modules. */
export function checkEscapes(files: readonly Source[]): Outcome {
  const code = files.filter(({ path }) => isCode(path));
  const violations = code.flatMap((source) => {
    const { nodes, comments } = parse(source);
    const at = (node: Node, message: string): Violation => ({
      path: source.path,
      line: lineAt(source.text, node.start),
      message,
    });
    return [
      ...nodes
        .filter(({ type }) => type === 'TSAnyKeyword')
        .map((node) => at(node, '`any` turns the checker off')),
      ...nodes
        .filter(isModuleMock)
        .map((node) => at(node, 'replacing a module ties the test to files: inject it')),
      ...comments
        .filter(({ text }) => directives.test(text))
        .map(({ text, line }) => ({ path: source.path, line, message: `${text.trim()} hides an error` })),
    ];
  });
  return { checked: code.length, violations };
}

const field = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null && name in node
    ? Object.entries(node).find(([key]) => key === name)?.[1]
    : undefined;

/** `vi.mock(…)` and its kin. */
function isModuleMock(node: Node): boolean {
  if (node.type !== 'CallExpression') return false;
  const callee = node.callee;
  const object = field(field(callee, 'object'), 'name');
  const property = field(field(callee, 'property'), 'name');
  return object === 'vi' && typeof property === 'string' && /^(do)?mock$/i.test(property);
}

/** State that outlives its owner: a `let` outside every function is shared by all who import the file. */
export function checkModuleState(files: readonly Source[]): Outcome {
  const code = files.filter(({ path }) => isCode(path) && !isTest(path));
  const violations = code.flatMap((source) =>
    parse(source)
      .body.map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node))
      .filter((node) => field(node, 'type') === 'VariableDeclaration' && field(node, 'kind') !== 'const')
      .map((node) => ({
        path: source.path,
        line: lineAt(source.text, Number(field(node, 'start'))),
        message: 'mutable state at module level: give it an owner',
      })),
  );
  return { checked: code.length, violations };
}

/** Words of unfinished work; `placeholder` as the attribute of an input field is HTML's own. */
const unfinished = [/\b(TODO|FIXME|XXX|HACK)\b/, /\bstub(s|bed)?\b|\bplaceholder\b|\bfor now\b|\bmock/i];
const attribute = /::placeholder|\bplaceholder(?==|:)/g;

export function checkWords(files: readonly Source[]): Outcome {
  const code = files.filter(
    ({ path }) => (isCode(path) || path.endsWith('.css')) && !path.startsWith('test/house/'),
  );
  const violations = code.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const bare = line.replace(attribute, '');
      const word = unfinished.map((pattern) => pattern.exec(bare)?.[0]).find((found) => found);
      return word ? [{ path, line: index + 1, message: `\`${word}\`: finish it, or take it out` }] : [];
    }),
  );
  return { checked: code.length, violations };
}

/**
 * Addresses of package registries: where packages come from is the machine's own affair.
 * @param hosts such as the one that npm is configured with
 */
export function checkHosts(files: readonly Source[], hosts: readonly string[]): Outcome {
  const text = files.filter(({ path }) => !path.startsWith('test/house/'));
  const violations = text.flatMap((source) =>
    hosts
      .filter((host) => source.text.includes(host))
      .map((host) => ({
        path: source.path,
        line: lineAt(source.text, source.text.indexOf(host)),
        message: 'names the host of a package registry',
      })),
  );
  return { checked: text.length, violations };
}
