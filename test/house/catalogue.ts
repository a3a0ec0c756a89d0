import type { FaultEntry } from '#flows/fault';
import { kinds } from '#flows/message';
import { isCode, isTest, lineAt, type Node, type Outcome, parse, type Source } from './source.ts';

/** Every event type that the code names is in the catalogue, so that the reference knows it. */
export function checkEventTypes(files: readonly Source[], catalogue: readonly string[]): Outcome {
  const known = new Set([...catalogue, ...kinds.map((kind) => `quaywatch.${kind}.observed`)]);
  const areas = new Set([...known].map(areaOf));
  let checked = 0;
  const violations = files
    .filter(({ path }) => isCode(path) && !isTest(path) && !path.startsWith('scripts/'))
    .flatMap((source) =>
      parse(source).nodes.flatMap((node) => {
        const named = nameIn(node);
        if (named === undefined) return [];
        checked += 1;
        // Of a name that is put together only the area is known here.
        if (named.whole ? known.has(named.text) : areas.has(areaOf(named.text))) return [];
        const line = lineAt(source.text, node.start);
        return [{ path: source.path, line, message: `${named.text} is not in flows/event-types.ts` }];
      }),
    );
  return { checked, violations };
}

const areaOf = (type: string): string => type.split('.').slice(0, 2).join('.');

function nameIn(node: Node): { text: string; whole: boolean } | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') {
    return /^quaywatch\.[a-z]+\.[a-z-]+$/.test(node.value) ? { text: node.value, whole: true } : undefined;
  }
  if (node.type !== 'TemplateElement') return undefined;
  const cooked = Object.entries(Object(node.value)).find(([key]) => key === 'cooked')?.[1];
  return typeof cooked === 'string' && /^quaywatch\.[a-z]+\./.test(cooked)
    ? { text: cooked, whole: false }
    : undefined;
}

/** A place at the end may bring the full stop. */
const isSentence = (text: string): boolean => /[.?!}]$/.test(text);

/** Every code says what is wrong and what to do. */
export function checkFaults(tables: Readonly<Record<string, Readonly<Record<string, FaultEntry>>>>): Outcome {
  const entries = Object.values(tables).flatMap((table) => Object.entries(table));
  const violations = entries.flatMap(([code, { message, help }]) => {
    const problems = [
      ...(/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)+$/.test(code) ? [] : ['is not words with dots']),
      ...(isSentence(message) ? [] : ['its message is no sentence']),
      ...(isSentence(help) ? [] : ['its help is no sentence']),
    ];
    return problems.map((message) => ({ path: code, line: 0, message }));
  });
  return { checked: entries.length, violations };
}
