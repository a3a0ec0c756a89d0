import { posix } from 'node:path';
import { isCode, isTest, type Outcome, parse, type Source, type Violation } from './source.ts';
import { type FolderRule, folderRules, transports } from './table.ts';

/** The folder of the table that a file belongs to; undefined for the command line at the root. */
export function folderOf(path: string): string | undefined {
  if (path.startsWith('hub/web/')) return 'hub/web';
  const [first, second] = path.split('/');
  return second === undefined ? undefined : first;
}

/**
 * Holds every import of every file against the table of folders. `used` has what folders import outside of
 * tests, as `folder package`.
 */
export function checkImports(files: readonly Source[]): Outcome & { readonly used: ReadonlySet<string> } {
  let checked = 0;
  const used = new Set<string>();
  const violations: Violation[] = [];
  for (const source of files.filter(({ path }) => isCode(path))) {
    const folder = folderOf(source.path);
    const rule = folder === undefined ? undefined : folderRules[folder];
    if (folder === undefined || !rule) continue;
    for (const { specifier, typeOnly, line } of parse(source).imports) {
      checked += 1;
      if (!isTest(source.path)) used.add(`${folder} ${packageOf(specifier)}`);
      const message = problem(source.path, folder, rule, specifier, typeOnly);
      if (message) violations.push({ path: source.path, line, message });
    }
  }
  return { checked, violations, used };
}

function problem(
  path: string,
  folder: string,
  rule: FolderRule,
  specifier: string,
  typeOnly: boolean,
): string | undefined {
  if (specifier.startsWith('.')) return relative(path, folder, rule, specifier, typeOnly);
  if (specifier.startsWith('#')) return ours(path, folder, rule, specifier.slice(1), typeOnly);
  if (isTest(path)) return undefined;
  if (
    path.startsWith('drivers/') &&
    transports.includes(packageOf(specifier)) &&
    !path.startsWith('drivers/transport/')
  ) {
    return `${specifier}: only drivers/transport speaks to the outside`;
  }
  if (packageOf(specifier) === 'rxjs' && folder === 'drivers') {
    return path.startsWith('drivers/session') ? undefined : 'rxjs is confined to flows and drivers/session';
  }
  if (specifier.startsWith('node:')) {
    return rule.node || rule.tools?.(path) ? undefined : `${folder} has no ${specifier}: no I/O there`;
  }
  if (rule.tools?.(path)) return undefined;
  const allowed = rule.packages.some((name) => name === packageOf(specifier) || matches(name, specifier));
  return allowed ? undefined : `${folder} may not import the package ${specifier}`;
}

/** `@scope/name` or `name` of what is imported. */
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;

function ours(
  path: string,
  folder: string,
  rule: FolderRule,
  target: string,
  typeOnly: boolean,
): string | undefined {
  if (isTest(path) && target.startsWith('test/support/')) return undefined;
  const own = target === folder || target.startsWith(`${folder}/`);
  if (own && folder !== 'hub/web' && !target.startsWith('hub/web/')) return undefined;
  if (rule.ours.some((pattern) => matches(pattern, target))) return undefined;
  if (typeOnly && rule.types?.some((pattern) => matches(pattern, target))) return undefined;
  return `${folder} may not import ${target}${typeOnly ? '' : rule.types ? ' (but for types, where the table says so)' : ''}`;
}

function relative(
  path: string,
  folder: string,
  rule: FolderRule,
  specifier: string,
  typeOnly: boolean,
): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (folderOf(target) === folder) return undefined;
  if (
    folder === 'hub/web' &&
    typeOnly &&
    ours(path, folder, rule, target.replace(/\.ts$/, ''), typeOnly) === undefined
  ) {
    return undefined;
  }
  if (rule.tools?.(path)) return undefined;
  return `${specifier} leads out of ${folder}: other folders are imported by name (#folder/file)`;
}
