import { describe, expect, it } from 'vitest';
import { checkEventTypes, checkFaults } from './catalogue.ts';
import { checkAlphabetical, checkDescribed } from './definitions.ts';
import { checkImports } from './imports.ts';
import { checkEscapes, checkHosts, checkModuleState, checkWords } from './language.ts';
import { checkSizes } from './size.ts';
import type { Outcome, Source } from './source.ts';

/** Each rule on good and bad examples: a rule that lets a bad one pass guards nothing. */
const file = (path: string, text: string): Source => ({ path, text });
const found = ({ violations }: Outcome) => violations.map(({ path, line }) => `${path}:${line}`);

describe('imports', () => {
  const refused: [string, string][] = [
    ['flows/a.ts', "import { x } from '#drivers/driver';"],
    ['flows/a.ts', "import { readFileSync } from 'node:fs';"],
    ['flows/a.ts', "import Database from 'better-sqlite3';"],
    ['flows/a.ts', "import { x } from '../edge/main.ts';"],
    ['flows/a.test.ts', "import { x } from '#edge/main';"],
    ['drivers/nmea/driver.ts', "import { SerialPort } from 'serialport';"],
    ['drivers/nmea/driver.ts', "import { connect } from 'node:net';"],
    ['drivers/nmea/driver.ts', "import { Subject } from 'rxjs';"],
    ['drivers/a.ts', "export { x } from '#edge/main';"],
    ['models/a.ts', "import { x } from '#drivers/driver';"],
    ['firmware-config/a.ts', "import { x } from '#edge/main';"],
    ['firmware-config/a.ts', "import { x } from '#drivers/nmea/driver';"],
    ['edge/a.ts', "import { x } from '#hub/main';"],
    ['edge/a.ts', "import { Subject } from 'rxjs';"],
    ['edge/a.ts', "const x = await import('#hub/main');"],
    ['edge/a.ts', "import { x } from '#test/support/tools';"],
    ['hub/a.ts', "import type { x } from '#edge/main';"],
    ['hub/a.ts', "let x: import('#edge/main').X;"],
    ['hub/a.ts', "import { x } from '#drivers/nmea/driver';"],
    ['hub/a.ts', "import { x } from '#hub/web/main';"],
    ['hub/web/a.tsx', "import { x } from '#hub/api/types';"],
    ['hub/web/a.tsx', "import { x } from '../store/store.ts';"],
    ['hub/web/a.tsx', "import { readFileSync } from 'node:fs';"],
    ['hub/web/a.tsx', "import type { x } from '#flows/event';"],
    ['scripts/docs/a.ts', "import { x } from '#test/bench/command';"],
  ];
  it.each(refused)('refuses in %s: %s', (path, text) => {
    expect(found(checkImports([file(path, text)]))).toEqual([`${path}:1`]);
  });

  const allowed: [string, string][] = [
    ['flows/a.ts', "import { map } from 'rxjs';\nimport { x } from './b.ts';\nimport { y } from '#flows/c';"],
    ['flows/a.test.ts', "import { it } from 'vitest';\nimport { x } from '#test/support/stages';"],
    ['drivers/transport/serial.ts', "import { SerialPort } from 'serialport';"],
    ['drivers/session.ts', "import { Subject } from 'rxjs';"],
    ['edge/a.ts', "import { x } from '#drivers/nmea/driver';"],
    ['hub/a.ts', "import { drivers } from '#drivers/registry';"],
    ['hub/web/a.tsx', "import type { x } from '#hub/api/types';\nimport type { y } from '../api/types.ts';"],
    ['test/scenario/a.test.ts', "import { x } from '#edge/main';\nimport { y } from '#hub/main';"],
  ];
  it.each(allowed)('allows in %s: %s', (path, text) => {
    const outcome = checkImports([file(path, text)]);
    expect(outcome.violations).toEqual([]);
    expect(outcome.checked).toBeGreaterThan(0);
  });

  it('is not taken in by text that looks like an import', () => {
    expect(
      checkImports([file('flows/a.ts', "const s = `import x from 'node:fs'`; // from '#edge/main'")]).checked,
    ).toBe(0);
  });
});

describe('size', () => {
  const lines = (count: number) => 'x;\n'.repeat(count);
  it('refuses the line over the limit and no line less', () => {
    expect(found(checkSizes([file('flows/a.ts', lines(401)), file('flows/b.ts', lines(400))]))).toEqual([
      'flows/a.ts:401',
    ]);
  });
  it('leaves generated files and recordings alone, and counts nothing of them', () => {
    expect(checkSizes([file('drivers/x/frames/a.ts', lines(999)), file('a.md', lines(999))]).checked).toBe(0);
  });
  it('tells the median', () => {
    expect(checkSizes([1, 50, 300].map((count) => file(`flows/${count}.ts`, lines(count)))).median).toBe(50);
  });
});

describe('language', () => {
  it.each([
    'let x: any;',
    'const f = (x: Array<any>) => x;',
    '// @ts-ignore\nf();',
    '/* @ts-nocheck */',
    "vi.mock('./b.ts');",
    "vi.doMock('./b.ts', () => ({}));",
  ])('refuses %s', (text) => {
    expect(checkEscapes([file('flows/a.ts', text)]).violations).toHaveLength(1);
  });
  it('allows the word any, functions under test and other doubles', () => {
    const text = "// any of them\nconst any = 'any'; vi.fn(); thing.mock();";
    expect(checkEscapes([file('flows/a.ts', text)])).toEqual({ checked: 1, violations: [] });
  });

  it.each(['let x = 1;', 'export let x = 1;', 'var x;'])('refuses at module level: %s', (text) => {
    expect(checkModuleState([file('edge/a.ts', text)]).violations).toHaveLength(1);
  });
  it('allows constants and what functions keep for themselves', () => {
    const text =
      'export const x = 1; function f() { let y = 0; for (let i = 0; i < 3; i++) y += i; return y; }';
    expect(checkModuleState([file('edge/a.ts', text)]).violations).toEqual([]);
  });

  it.each([
    '// TODO: later',
    '// FIXME',
    'const stub = 1;',
    '// a placeholder',
    '// good enough for now',
    'mockHub();',
  ])('refuses %s', (text) => expect(checkWords([file('edge/a.ts', text)]).violations).toHaveLength(1));
  it('allows the attribute of an input field', () => {
    const text = '<input placeholder="Search" />;\ninput::placeholder {}\n({ placeholder: 1 });';
    expect(checkWords([file('hub/web/a.tsx', text)]).violations).toEqual([]);
  });

  it('finds the host of a registry anywhere', () => {
    const files = [
      file('package-lock.json', '{\n"resolved": "https://registry.example/x"}'),
      file('a.md', 'nothing'),
    ];
    expect(checkHosts(files, ['registry.example'])).toMatchObject({ checked: 2, violations: [{ line: 2 }] });
  });
});

describe('definitions', () => {
  const described = { description: 'What it is.' };
  it('finds a field without a description, at any depth', () => {
    const schema = {
      properties: {
        good: described,
        bad: {},
        nested: { ...described, properties: { bad: { description: ' ' } } },
        list: { ...described, items: { properties: { bad: {} } } },
        either: { ...described, anyOf: [{ properties: { bad: {} } }] },
        byName: { ...described, patternProperties: { '^.*$': { properties: { bad: {} } } } },
        words: { description: 'no sentence' },
      },
    };
    const outcome = checkDescribed([{ name: 's', schema }]);
    expect(outcome.checked).toBe(11);
    expect(outcome.violations.map(({ path }) => path)).toEqual([
      's.bad',
      's.nested.bad',
      's.list[].bad',
      's.either|0.bad',
      's.byName{}.bad',
      's.words',
    ]);
  });
  it('checked nothing where there is no field', () => {
    expect(checkDescribed([{ name: 's', schema: { type: 'object' } }]).checked).toBe(0);
  });

  it('finds what is out of order or there twice', () => {
    expect(found(checkAlphabetical('r', ['a', 'c', 'b', 'b']))).toEqual(['r:3', 'r:4']);
    expect(checkAlphabetical('r', []).checked).toBe(0);
  });
});

describe('catalogues', () => {
  const known = ['quaywatch.fence.enter'];
  /** A template in a text, without this file having one. */
  const put = (text: string) => text.replace(/\$(\w+)/g, (_, name) => ['$', '{', name, '}'].join(''));
  it.each([
    ["emit('quaywatch.fence.gone');", 1],
    ["emit('quaywatch.fence.enter');", 0],
    [put('emit(`quaywatch.$area.$what`, `quaywatch.fence.$what`);'), 0],
    [put('emit(`quaywatch.door.$what`);'), 1],
    ["is('quaywatch.position.observed');", 0],
    ["// 'quaywatch.fence.gone'", 0],
  ])('of event types: %s', (text, count) => {
    expect(checkEventTypes([file('edge/a.ts', text)], known).violations).toHaveLength(count);
  });

  const right = { message: 'It is so.', help: 'Do this.' };
  it('of faults', () => {
    expect(checkFaults({ edge: { 'a.b': right }, hub: { 'c.d': right } })).toEqual({
      checked: 2,
      violations: [],
    });
    const wrong = { edge: { 'a.b': right, nodot: right, 'c.d': { message: 'Half', help: '' } } };
    expect(checkFaults(wrong).violations.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'nodot is not words with dots',
      'c.d its message is no sentence',
      'c.d its help is no sentence',
    ]);
  });
});
