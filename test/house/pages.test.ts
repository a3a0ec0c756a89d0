import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSource, repositoryFiles, root } from './source.ts';

const pages = repositoryFiles()
  .filter((path) => path.endsWith('.md'))
  .map(readSource);
const readme = readSource('README.md').text;

describe('pages', () => {
  it('link to what is there', () => {
    const links = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => ({ path, target: posix.join(posix.dirname(path), target) })),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter(({ target }) => !existsSync(`${root}/${target}`))).toEqual([]);
  });

  it('name every script that they tell people to run', () => {
    const { scripts } = JSON.parse(readSource('package.json').text);
    const named = pages.flatMap(({ text }) =>
      [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map((match) => match[1]),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });

  it('list the commands of the command line, and no others', () => {
    const program = readSource('quaywatch.ts').text;
    const commands = [...program.matchAll(/^ {2}(\w+): async \(\) => /gm)].map((match) => match[1] ?? '');
    const section = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## Where data lies'));
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    const listed = rows.flatMap((line) =>
      [...(line.split(' | ')[0] ?? '').matchAll(/`(\w+)/g)].map((match) => match[1]),
    );
    expect(commands.length).toBeGreaterThan(5);
    expect([...commands].sort()).toEqual(commands);
    expect([...new Set(listed)].sort()).toEqual(commands);
  });
});
