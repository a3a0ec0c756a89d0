import fc from 'fast-check';
import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { flowOf, testStages } from '#test/support/flow-stages';
import { flowHash } from './flow.ts';
import { type DriverFacts, lintFlow } from './lint.ts';
import { parseFlow } from './parse.ts';
import { defineStage, type Stage } from './stage.ts';

const nested = defineStage({
  type: 'nested',
  summary: 'Has settings in settings, and a check.',
  accepts: ['position'],
  emits: ['event'],
  config: Type.Object({
    hysteresisM: Type.Number({ description: 'Metres.', default: 15, minimum: 0 }),
    routes: Type.Array(Type.Object({ port: Type.String() }), { description: 'Routes.', default: [] }),
  }),
  outputs: ({ routes }) => routes.map(({ port }) => port),
  check: ({ routes }) =>
    routes.flatMap(({ port }, index) =>
      port === 'no' ? [{ path: `routes[${index}].port`, message: 'must not be no' }] : [],
    ),
  build: () => (input) => input,
});
const stages: readonly Stage[] = [...testStages, nested];

const driver = (type: string, more: Partial<DriverFacts>): DriverFacts => ({
  type,
  config: Type.Object({ port: Type.Integer({ description: 'Port.', default: 1, maximum: 9 }) }),
  emits: ['position', 'reading'],
  pausable: true,
  repeats: true,
  ...more,
});
const drivers = [
  driver('gps', { emits: ['position'] }),
  driver('meter', {
    emits: ['reading'],
    check: ({ port }) => (port === 3 ? [{ path: 'port', message: 'is taken' }] : []),
  }),
  driver('line', { emits: ['reading'], pausable: false }),
];

const ok = flowOf({ in: '@meter', sum: 'sum', out: 'emit' }, ['in -> sum', 'sum -> out']);
const problems = (document: unknown) =>
  lintFlow(document, stages, drivers).map(({ code, at }) => `${code} ${at ?? ''}`.trim());

test('has nothing against a flow that is right', () => {
  expect(problems(ok)).toEqual([]);
});

describe('finds, with the place', () => {
  test.each<[what: string, document: unknown, found: string[]]>([
    ['no flow at all', 7, ['flow.schema']],
    ['missing fields', { id: 'a', nodes: [] }, ['flow.schema version', 'flow.schema wires']],
    ['a field that is not known', { ...ok, colour: 1 }, ['flow.schema colour']],
    [
      'wrong ids and buffers',
      {
        ...ok,
        nodes: [...ok.nodes, { id: 'Bad Id', stage: 'sum' }],
        wires: [{ from: 'in', to: 'out', buffer: { capacity: 0, overflow: 'spill' } }],
      },
      [
        'flow.schema nodes[3].id',
        'flow.schema wires[0].buffer.capacity',
        'flow.schema wires[0].buffer.overflow',
      ],
    ],
    ['two nodes of one id', { ...ok, nodes: [...ok.nodes, ok.nodes[1]] }, ['flow.duplicateNode nodes[3].id']],
    [
      'an unknown stage',
      flowOf({ in: '@meter', s: 'sun', out: 'emit' }, ['in -> s', 's -> out']),
      ['flow.unknownStage nodes[1].stage'],
    ],
    [
      'an unknown driver',
      flowOf({ in: '@metre', out: 'emit' }, ['in -> out']),
      ['flow.unknownDriver nodes[0].driver'],
    ],
    [
      'a setting out of bounds',
      flowOf({ in: '@gps', n: ['nested', { hysteresisM: -1 }], out: 'emit' }, ['in -> n', 'n -> out']),
      ['flow.config nodes[1].config.hysteresisM'],
    ],
    [
      'a setting that does not exist',
      flowOf({ in: '@gps', n: ['nested', { hystersisM: 1 }], out: 'emit' }, ['in -> n', 'n -> out']),
      ['flow.unknownSetting nodes[1].config.hystersisM'],
    ],
    [
      'a setting inside others',
      flowOf({ in: '@gps', n: ['nested', { routes: [{ port: 'a' }, {}] }], out: 'emit' }, [
        'in -> n',
        'n -> out',
      ]),
      ['flow.config nodes[1].config.routes[1].port'],
    ],
    [
      "what the stage's own check finds",
      flowOf({ in: '@gps', n: ['nested', { routes: [{ port: 'no' }] }], out: 'emit' }, [
        'in -> n',
        'n -> out',
      ]),
      ['flow.config nodes[1].config.routes[0].port'],
    ],
    [
      "a driver's config",
      flowOf({ in: ['@meter', { port: 10 }], two: ['@meter', { port: 3 }], out: 'emit' }, [
        'in -> out',
        'two -> out',
      ]),
      ['flow.config nodes[0].config.port', 'flow.config nodes[1].config.port'],
    ],
    [
      'wires from and to nowhere',
      flowOf({ in: '@meter', out: 'emit' }, ['in -> out', 'im -> out', 'in -> oot']),
      ['flow.unknownNode wires[1].from', 'flow.unknownNode wires[2].to'],
    ],
    [
      'a wire into a driver',
      flowOf({ in: '@meter', out: 'emit' }, ['in -> out', 'in -> in']),
      ['flow.wireIntoDriver wires[1].to', 'flow.cycle wires'],
    ],
    [
      'ports that do not exist',
      flowOf({ in: '@meter', p: 'pair', out: 'emit' }, [
        'in.late -> out',
        'in -> p',
        'p.error -> out',
        'p.up -> out',
      ]),
      ['flow.unknownPort wires[0].from', 'flow.unknownPort wires[1].to', 'flow.unknownPort wires[3].from'],
    ],
    [
      'a kind that is not accepted',
      flowOf({ in: '@gps', s: 'sum', out: 'emit' }, ['in -> s', 's -> out']),
      ['flow.wrongKind wires[0]'],
    ],
    [
      'a kind that is not accepted, behind stages that change nothing',
      flowOf({ in: '@gps', rx: 'operators', split: 'split', s: 'sum' }, [
        'in -> rx',
        'rx -> split',
        'split.odd -> s',
      ]),
      ['flow.wrongKind wires[2]'],
    ],
    [
      'a kind that is not accepted, by an error port',
      flowOf({ in: '@gps', n: 'nested', s: 'sum' }, ['in -> n', 'n.error -> s']),
      ['flow.wrongKind wires[1]'],
    ],
    [
      'a cycle',
      flowOf({ in: '@meter', a: 'sum', b: 'sum', out: 'emit' }, ['in -> a', 'a -> b', 'b -> a', 'b -> out']),
      ['flow.cycle wires'],
    ],
    [
      'a node that no driver leads to',
      flowOf({ in: '@meter', out: 'emit', a: 'sum', b: 'sum' }, ['in -> out', 'a -> b']),
      ['flow.unreached nodes[2]', 'flow.unreached nodes[3]'],
    ],
    [
      'a buffer that blocks a source that cannot be paused',
      flowOf({ in: '@line', s: 'sum', slow: 'slow', out: 'emit' }, ['in -> s', 's -> slow', 'slow -> out']),
      ['flow.blockUnpausable wires[1].buffer.overflow'],
    ],
    [
      'tests that name unknown nodes',
      { ...ok, tests: [{ name: 'a', input: [{ node: 'in' }, { node: 'on' }], expect: [] }] },
      ['flow.unknownNode tests[0].input[1].node'],
    ],
  ])('%s', (_, document, found) => {
    expect(problems(document)).toEqual(found);
  });

  test('names the nearest that exists, and the cycle', () => {
    const text = (document: unknown) => lintFlow(document, stages, drivers).map(({ message }) => message);
    expect(text(flowOf({ in: '@metre', s: 'sume' }, ['in -> s']))).toEqual([
      'There is no driver metre. Did you mean meter?',
      'There is no stage sume. Did you mean sum?',
    ]);
    expect(text(flowOf({ in: '@meter', a: 'sum', b: 'sum' }, ['in -> a', 'a -> b', 'b -> a']))).toEqual([
      'The wires form a cycle: a → b → a.',
    ]);
  });

  test('a queue that drops is allowed in front of a source that cannot be paused', () => {
    const wires: Parameters<typeof flowOf>[1] = [['in -> slow', { overflow: 'dropOldest' }], 'slow -> out'];
    expect(problems(flowOf({ in: '@line', slow: 'slow', out: 'emit' }, wires))).toEqual([]);
  });
});

/** Values near enough to a flow to come past the first checks. */
const flowish = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom('in', 'sum', 'in.out', 'pair.left', 'a.b.c', '__proto__', 'emit'),
    tie('node'),
  ),
  node: fc.record(
    {
      id: fc.constantFrom('in', 'sum', 'out', 'Bad'),
      stage: fc.oneof(fc.constantFrom('sum', 'pair', 'nested', 'emit', 'slow'), tie('any')),
      driver: fc.oneof(fc.constantFrom('meter', 'line'), tie('any')),
      config: fc.oneof(
        fc.dictionary(fc.constantFrom('routes', 'seconds', 'port', '__proto__'), tie('any')),
        tie('any'),
      ),
    },
    { requiredKeys: ['id'] },
  ),
  wire: fc.record({
    from: fc.constantFrom('in', 'sum', 'out', 'in.out', 'sum.error', 'pair.left'),
    to: fc.constantFrom('in', 'sum', 'out', 'sum.in'),
    buffer: fc.oneof(fc.constant({}), tie('any')),
  }),
  flow: fc.record(
    {
      id: fc.oneof(fc.constant('a'), tie('any')),
      version: fc.oneof(fc.constant(1), tie('any')),
      nodes: fc.oneof(fc.array(tie('node'), { maxLength: 4 }), tie('any')),
      wires: fc.oneof(fc.array(tie('wire'), { maxLength: 4 }), tie('any')),
      tests: fc.constant([]),
    },
    { requiredKeys: ['nodes', 'wires', 'version', 'id'] },
  ),
}));

describe('any input', () => {
  test('gives problems, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(flowish.flow, fc.jsonValue()), (value) => {
        const found = lintFlow(value, stages, drivers);
        for (const { code, message, help } of found) expect([code, message, help]).not.toContain('');
        const parsed = parseFlow(JSON.stringify(value));
        expect('problems' in parsed).toBe(found.some(({ code }) => code === 'flow.schema'));
      }),
      { numRuns: 300 },
    );
  });

  test('as text is read or refused', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'{}[]&*:-!|> \n\ta1"') })),
        (text) => {
          const parsed = parseFlow(text);
          expect('document' in parsed || parsed.problems.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('of aliases, of depth or of size is refused', () => {
    const codes = (text: string) => {
      const parsed = parseFlow(text);
      return 'problems' in parsed ? parsed.problems.map(({ code }) => code) : [];
    };
    const bomb = ['a: &a [x, x]', 'b: &b [*a, *a]', 'c: &c [*b, *b]', 'd: [*c, *c]'].join('\n');
    expect(codes(bomb)).toEqual(['flow.syntax']);
    for (const opener of ['[', '- ', '{a: ', '? ', '[ "]", '])
      expect(codes(opener.repeat(100_000))).toEqual(['flow.syntax']);
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const text of [deep, `{"id":${deep}}`, `id: ${deep}`]) expect(codes(text)).toEqual(['flow.syntax']);
    expect(codes(`{"id":"a","version":1,"wires":[],"nodes":[${deep}]}`)).toEqual(['flow.syntax']);
    expect(codes(' '.repeat(16_000_001))).toEqual(['flow.tooLarge']);
  });
});

describe('parseFlow', () => {
  const yaml = `
id: gate
version: 3
nodes:
  - { id: in, driver: meter }
  - { id: out, stage: emit, config: { priority: alarm } }
wires:
  - { from: in, to: out, buffer: { capacity: 10 } }
`;

  test('reads YAML and JSON and fills in defaults', () => {
    const parsed = parseFlow(yaml);
    if (!('document' in parsed)) throw new Error(JSON.stringify(parsed));
    expect(parsed.document.nodes[0]).toEqual({ id: 'in', driver: 'meter', config: {} });
    expect(parsed.document.wires[0]?.buffer).toEqual({ capacity: 10, overflow: 'block' });
    const again = parseFlow(JSON.stringify(parsed.document));
    expect(again).toEqual(parsed);
    expect(flowHash(parsed.document)).toMatch(/^[0-9a-f]{64}$/);
  });

  test('tells where the text is wrong', () => {
    const parsed = parseFlow('id: a\nnodes: [}\n');
    expect('problems' in parsed && parsed.problems[0]).toMatchObject({
      code: 'flow.syntax',
      message: expect.stringMatching(/at 2:\d+/),
    });
  });

  test('the hash does not depend on the order of fields', () => {
    const { id, version, ...rest } = ok;
    expect(flowHash({ ...rest, version, id })).toBe(flowHash(ok));
    expect(flowHash({ ...ok, version: 2 })).not.toBe(flowHash(ok));
  });
});
