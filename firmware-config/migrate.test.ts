import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxConfigVersion } from './box.ts';
import { boxMigrations, type Migration, migrate } from './migrate.ts';

const code = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) });

/** A history as it may come to be: a field that is renamed, then one that is taken apart. */
const history: readonly Migration[] = [
  {
    from: 1,
    summary: 'folder is called data',
    change: ({ folder, ...rest }) => ({ ...rest, data: folder }),
  },
  {
    from: 2,
    summary: 'listen is host and port',
    change: ({ listen, ...rest }) => {
      const [host, port] = String(listen).split(':');
      return { ...rest, host, port: Number(port) };
    },
  },
];

describe('a config of an earlier version', () => {
  test('is read step by step, and what no step knows is kept to be named', () => {
    const { config, from, done } = migrate({ folder: '/d', listen: 'a:1', stray: true }, history);
    expect(config).toEqual({ version: 3, data: '/d', host: 'a', port: 1, stray: true });
    expect({ from, done }).toEqual({ from: 1, done: ['folder is called data', 'listen is host and port'] });
  });

  test('starts where it stands, and a current one is left alone', () => {
    expect(migrate({ version: 2, data: '/d', listen: 'a:1' }, history).done).toHaveLength(1);
    const current = { version: 3, data: '/d' };
    expect(migrate(current, history)).toEqual({ config: current, from: 3, done: [] });
  });

  test('brought forward twice is the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const { version: _, ...config } = fields;
        const once = migrate(config).config;
        expect(migrate(once)).toEqual({ config: once, from: boxConfigVersion, done: [] });
      }),
    );
  });

  test('of a later software is refused, and so is what is none', () => {
    expect(() => migrate({ version: boxConfigVersion + 1 })).toThrow(code('config.newer') as never);
    for (const value of [null, [], 'x', { version: 'two' }, { version: 0 }]) {
      expect(() => migrate(value)).toThrow(code('config.form') as never);
    }
  });

  test('has a step from every version to the newest', () => {
    expect(boxMigrations.map(({ from }) => from)).toEqual(
      Array.from({ length: boxConfigVersion - 1 }, (_, n) => n + 1),
    );
  });
});
