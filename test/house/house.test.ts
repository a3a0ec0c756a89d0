import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { drivers } from '#drivers/registry';
import { BoxConfig } from '#firmware-config/box';
import { eventTypes } from '#flows/event-types';
import { stages } from '#flows/registry';
import { HubConfig } from '#hub/config';
import { faultTables } from '../../scripts/docs/faults.ts';
import { checkEventTypes, checkFaults } from './catalogue.ts';
import { checkAlphabetical, checkDescribed } from './definitions.ts';
import { checkImports } from './imports.ts';
import { checkEscapes, checkHosts, checkModuleState, checkWords } from './language.ts';
import { checkSizes, medianLimit } from './size.ts';
import { isCode, type Outcome, readSource, repositoryFiles, root } from './source.ts';
import { folderRules, transports } from './table.ts';

// Every file is read and parsed: generous, for nothing here is about time.
vi.setConfig({ testTimeout: 120_000 });

const paths = repositoryFiles();
const code = paths.filter((path) => isCode(path) || path.endsWith('.css')).map(readSource);

/** Says every breach at once; a rule that saw nothing fails. */
function expectKept({ checked, violations }: Outcome, least = 1): void {
  const list = violations.map(({ path, line, message }) => `${path}:${line} ${message}`);
  expect(list.join('\n')).toBe('');
  expect(checked).toBeGreaterThanOrEqual(least);
}

// The whole repository is read: on a busy machine that takes longer than a test may.
describe('the repository', { timeout: 120_000 }, () => {
  it('imports only along the arrows', () => expectKept(checkImports(code), 100));

  it('lists no third party that nobody imports', () => {
    const { used } = checkImports(code);
    const listed = Object.entries(folderRules).flatMap(([folder, { packages }]) =>
      packages.filter((name) => !transports.includes(name)).map((name) => `${folder} ${name}`),
    );
    expect(listed.length).toBeGreaterThan(20);
    const isUsed = (entry: string) =>
      entry.endsWith('/*') ? [...used].some((name) => name.startsWith(entry.slice(0, -1))) : used.has(entry);
    expect(listed.filter((entry) => !isUsed(entry))).toEqual([]);
  });

  it('keeps files small', async ({ annotate }) => {
    const sizes = checkSizes(code);
    await annotate(`${sizes.checked} files, median ${sizes.median} lines`);
    expectKept(sizes, 100);
    expect(sizes.median).toBeLessThanOrEqual(medianLimit);
  });

  it('does not get round the type checker', () => expectKept(checkEscapes(code), 100));

  it('keeps no mutable state in modules', () => expectKept(checkModuleState(code), 50));

  it('has nothing unfinished', () => expectKept(checkWords(code), 100));

  it('names no package registry', () => {
    const configured = process.env.npm_config_registry;
    const hosts = [
      'registry.npmjs.org',
      'registry.yarnpkg.com',
      ...(configured ? [new URL(configured).host] : []),
    ];
    const texts = paths.filter((path) => !/\.(png|jpg|ico|woff2?|onnx)$/.test(path)).map(readSource);
    expectKept(checkHosts(texts, hosts), 100);
  });

  it('has one TypeScript project per folder', () => {
    const folders = ['flows', 'drivers', 'models', 'firmware-config', 'edge', 'hub', 'hub/web'];
    expect(folders.filter((folder) => !existsSync(join(root, folder, 'tsconfig.json')))).toEqual([]);
  });
});

describe('definitions', () => {
  it('describe every field of their config', () => {
    const schemas = [
      ...stages.map(({ type, config }) => ({ name: `stage ${type}`, schema: config })),
      ...drivers.map(({ type, config }) => ({ name: `driver ${type}`, schema: config })),
      { name: 'config of a box', schema: BoxConfig },
      { name: 'config of a hub', schema: HubConfig },
    ];
    for (const named of schemas.slice(-2)) expectKept(checkDescribed([named]));
    expect(stages.length).toBeGreaterThan(0);
    expect(drivers.length).toBeGreaterThan(0);
    expectKept(checkDescribed(schemas), 30);
  });

  it('are listed in order', () => {
    expectKept(
      checkAlphabetical(
        'flows/registry',
        stages.map(({ type }) => type),
      ),
    );
    expectKept(
      checkAlphabetical(
        'drivers/registry',
        drivers.map(({ type }) => type),
      ),
    );
  });

  it('of event types are whole', () => {
    expectKept(checkEventTypes(code, Object.keys(eventTypes)), 5);
    expectKept(checkAlphabetical('flows/event-types', Object.keys(eventTypes)));
  });

  it('of faults say what to do', () => expectKept(checkFaults(faultTables), 20));

  it('say in one sentence what they are', () => {
    const summaries = [...stages, ...drivers].map(({ summary }) => summary);
    expect(summaries.filter((summary) => !/^[A-Z].*\.$/s.test(summary))).toEqual([]);
  });
});
