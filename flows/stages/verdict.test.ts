import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, MessageOf } from '#flows/message';
import type { ScanAttributes } from '#flows/scan';
import { at, atMs } from '#test/support/messages';
import { configOf, outputsOf, runStage, type Step } from '#test/support/stage-harness';
import { finding, strip, strips } from '#test/support/strips';
import { verdict } from './verdict.ts';

type Verdict = MessageOf<'verdict'>;
const config = { models: ['columns'] };
const conclusion = (label: string, more: Parameters<typeof finding>[1] = {}) =>
  finding(label, { scan: 'scan-1', time: at(4), received: at(4), ...more });
const passage = (object: string, seconds: number, more: Partial<MessageOf<'passage'>> = {}): Message => ({
  kind: 'passage',
  device: 'cam-1',
  time: at(seconds),
  received: at(seconds),
  quality: 'good',
  attributes: {},
  object,
  point: 'scanner-1',
  confidence: 0.9,
  ...more,
});
const declaration = (conveyance: string, goods: MessageOf<'declaration'>['goods'] = []): Message => ({
  kind: 'declaration',
  time: at(-3600),
  received: at(-3600),
  quality: 'good',
  attributes: {},
  id: 'D-7',
  goods,
  conveyance,
  parties: { consignor: 'someone' },
});
const steel = { hs: '7214', description: 'steel bars', weightKg: 20_000 };

function judged(messages: readonly Message[], more: object = {}) {
  const outputs = outputsOf(
    verdict,
    { ...config, ...more },
    messages.map((message) => ({ message })),
  );
  return {
    verdicts: outputs.flatMap((o) => ('port' in o && o.message.kind === 'verdict' ? [o.message] : [])),
    errors: outputs.flatMap((o) => ('error' in o ? [o.error] : [])),
  };
}

function only(messages: readonly Message[], more: object = {}): Verdict {
  const { verdicts } = judged(messages, more);
  expect(verdicts).toHaveLength(1);
  return verdicts[0] as Verdict;
}

describe('a sound scan', () => {
  test('that every model says is empty is clear, at once', () => {
    const run = runStage(verdict, config);
    for (const frame of strips(5)) run.push(frame);
    expect(run.port('out')).toEqual([]);
    run.push(conclusion('empty'));
    expect(run.port('out')).toMatchObject([
      {
        kind: 'verdict',
        device: 'xray-1',
        time: at(4),
        subject: 'scan-1',
        scan: 'scan-1',
        outcome: 'clear',
        confidence: 0.9,
        simulationValidated: true,
        models: [
          { id: 'columns', version: '1.0.0', sha256: 'ab', signed: false, threshold: 0.5, provider: 'cpu' },
        ],
        findings: [{ label: 'empty', score: 0.9, model: 'columns', signed: false, threshold: 0.5 }],
      },
    ]);
    run.stop();
  });

  test('with a load in it is suspect, with the score and the region of the finding', () => {
    const region = { column: 3, row: 4, columns: 5, rows: 6 };
    expect(only([...strips(5), conclusion('loaded', { score: 0.7, region })])).toMatchObject({
      outcome: 'suspect',
      confidence: 0.7,
      findings: [{ region }],
    });
  });

  test('that a model abstains from has no verdict, and says why', () => {
    const evidence = { reasons: ['The scanner is unknown.'] };
    const said = only([...strips(5), conclusion('abstained', { score: 0, evidence })]);
    expect(said).toMatchObject({ outcome: 'none', confidence: 0 });
    expect(said.reasons).toContain('The scanner is unknown.');
    expect(said.simulationValidated).toBeUndefined();
  });

  test('with a label that nobody explained has no verdict', () => {
    expect(only([...strips(5), conclusion('purple')]).outcome).toBe('none');
  });

  test('needs the conclusion of every model that is named', () => {
    const two = { models: ['columns', 'second'] };
    const messages = [...strips(5), conclusion('empty')];
    const late = only(messages, two);
    expect(late.outcome).toBe('none');
    expect(late.reasons).toContain('Model second has not concluded.');
    const second = (label: string) => conclusion(label, { model: 'second', score: 0.6 });
    expect(only([...messages, second('clear')], two)).toMatchObject({ outcome: 'clear', confidence: 0.6 });
    expect(only([...messages, second('suspect')], two)).toMatchObject({
      outcome: 'suspect',
      confidence: 0.6,
    });
    expect(only([...messages, second('abstained')], two).outcome).toBe('none');
  });

  test('is judged when all that a model concludes is there, and says where the load is', () => {
    const attributes = { final: true, of: 3 };
    const spot = conclusion('load', { attributes, region: { column: 1, row: 2, columns: 3, rows: 4 } });
    const run = runStage(verdict, config);
    for (const message of [...strips(5), conclusion('loaded', { attributes }), spot]) run.push(message);
    expect(run.port('out')).toEqual([]);
    run.push({ ...spot, score: 0.8 });
    expect(run.port('out')).toMatchObject([
      {
        outcome: 'suspect',
        findings: [{ label: 'loaded' }, { label: 'load' }, { label: 'load', score: 0.8 }],
      },
    ]);
    run.stop();
    expect(only([...strips(5), conclusion('empty', { attributes })]).outcome).toBe('none');
    expect(only([...strips(5), conclusion('load')]).outcome).toBe('none');
  });

  test('is not judged by what models say on the way', () => {
    const passing = conclusion('empty', { attributes: { final: false } });
    expect(only([...strips(5), passing]).outcome).toBe('none');
  });

  test('is not called simulation-validated when its model was validated on other data', () => {
    const attributes = { final: true, signed: true, simulationValidated: false };
    const said = only([...strips(5), conclusion('empty', { attributes })]);
    expect(said.simulationValidated).toBeUndefined();
    expect(said.findings).toMatchObject([{ signed: true }]);
  });
});

describe('a scan that is not sound is never clear:', () => {
  const broken = (change: Partial<ScanAttributes>, whole = false) =>
    strips(5).map((frame, n) => {
      const scan = frame.attributes.scan as ScanAttributes;
      return whole || n === 2 ? { ...frame, attributes: { scan: { ...scan, ...change } } } : frame;
    });
  const ended = (end: ScanAttributes['end']) => [
    ...strips(5).slice(0, 4),
    strip(4, 5, { attributes: { end } as never }),
  ];
  const lines = (lost: number) => ({ lines: { received: 1000 - lost, lost, doubled: 0, damaged: 0 } });

  test.each([
    ['cut off', ended('cut'), /cut off/],
    ['fallen silent', ended('silent'), /fell silent/],
    ['too long', ended('limit'), /too long/],
    ['not calibrated', broken({ calibration: 'missing' }), /not calibrated/],
    ['calibrated long ago', broken({ calibration: 'stale' }), /out of date/],
    ['saturated', broken({ saturated: 0.2 }), /limit: 4 %, at most 1 %/],
    ['reversed', broken({ reversed: true }), /went back: 20 %/],
    ['with lines lost', broken(lines(30), true), /Lines were lost: 3 %/],
    ['with dead detector elements', broken({ badPixels: 10 }), /dead: 10 %/],
    ['with a strip missing', strips(5).toSpliced(2, 1), /missing: 10 of 50 columns/],
    ['without its first strip', strips(5).slice(1), /missing: 10 of 50 columns/],
    ['with a strip that came twice', [...strips(5).slice(0, 2), ...strips(5).slice(1)], /came twice/],
    ['without an end', strips(5).slice(0, 3), /end of the scan never came/],
    ['never seen', [], /No strip/],
  ])('%s', (_, frames, reason) => {
    for (const label of ['empty', 'loaded']) {
      const said = only([...frames, conclusion(label)]);
      expect(said).toMatchObject({ outcome: 'none', confidence: 0 });
      expect(said.reasons.join(' ')).toMatch(reason);
    }
  });

  test('a little of it is within the limits', () => {
    for (const frames of [broken(lines(20), true), broken({ saturated: 0.05 }), broken({ badPixels: 5 })])
      expect(only([...frames, conclusion('empty')]).outcome).toBe('clear');
  });

  test('a model that answers after the deadline changes nothing any more', () => {
    const late = conclusion('empty', { time: at(20), received: at(20) });
    const said = only([...strips(5), late]);
    expect(said).toMatchObject({ outcome: 'none', time: at(4) });
    expect(said.reasons).toContain('Model columns has not concluded.');
  });
});

describe('strips that overtake each other', () => {
  test('make the same verdict when they are there before the deadline', () => {
    const [first, second, third] = strips(3);
    const late = { ...second, received: at(4) } as Message;
    const messages = [first, third, conclusion('empty'), late] as Message[];
    expect(only(messages)).toMatchObject({ outcome: 'clear', time: at(2) });
  });

  test('do not put the deadline off', () => {
    const run = runStage(verdict, config);
    const late = { ...strip(1, 4), received: at(15) } as Message;
    for (const message of [strip(0, 4), strip(3, 4), conclusion('empty'), late]) run.push(message as Message);
    run.advance(atMs(17));
    expect(run.port('out')).toEqual([]);
    run.advance(atMs(18));
    expect(run.port('out')).toMatchObject([{ outcome: 'none' }]);
    run.stop();
  });

  test('after the verdict leave by the error port', () => {
    const late = { ...strip(1, 3), received: at(30) };
    const done = judged([strip(0, 3), strip(2, 3), conclusion('empty'), late]);
    expect(done.verdicts).toMatchObject([{ outcome: 'none' }]);
    expect(done.errors).toEqual(['frame.late']);
  });
});

describe('declared against seen', () => {
  const of = (goods: MessageOf<'declaration'>['goods'], label: string) =>
    only([declaration('qwlu 305438-3', goods), passage('QWLU3054383', -5), ...strips(5), conclusion(label)]);

  test.each([
    ['empty and empty', [], 'empty', 'clear', 'Declared empty, and no load was found.'],
    ['empty and loaded', [], 'loaded', 'suspect', 'Declared empty, and a load was found.'],
    ['goods and empty', [steel], 'empty', 'suspect', 'Goods are declared, and no load was found.'],
    [
      'goods and loaded',
      [steel],
      'loaded',
      'none',
      'Goods are declared and a load was found: what it is was not judged.',
    ],
  ])('%s', (_, goods, label, outcome, reason) => {
    const said = of(goods, label);
    expect(said).toMatchObject({ outcome, subject: 'QWLU3054383' });
    expect(said.reasons[0]).toBe(reason);
    expect(said.declaration).toEqual({ id: 'D-7', conveyance: 'qwlu 305438-3', goods });
  });

  test('a declaration of the vehicle counts too, the newest one, and is forgotten in time', () => {
    const scan = [passage('AB 123', -5), ...strips(5), conclusion('loaded')];
    const newer = { ...declaration('ab-123'), time: at(-60), received: at(-60) };
    expect(only([newer, declaration('AB123', [steel]), ...scan]).outcome).toBe('suspect');
    expect(only([declaration('AB123', [steel]), newer, ...scan]).outcome).toBe('suspect');
    expect(only([declaration('AB123', [steel]), ...scan]).outcome).toBe('none');
    expect(only([declaration('AB123', [steel]), ...scan], { keepSeconds: 60 })).not.toHaveProperty(
      'declaration',
    );
  });
});

describe('the object of a scan', () => {
  const subject = (messages: readonly Message[], more: object = {}) => {
    const {
      subject: name,
      attributes,
      reasons,
    } = only([...messages, ...strips(5), conclusion('empty')], more);
    return { name, vehicle: attributes.vehicle, reasons: reasons.join(' ') };
  };

  test('is the container that was read near it in time, else the vehicle, else the scan', () => {
    const both = [passage('AB 123', -6), passage('QWLU3054383', -5)];
    expect(subject(both)).toMatchObject({ name: 'QWLU3054383', vehicle: 'AB 123' });
    expect(subject([passage('AB 123', -6)])).toMatchObject({ name: 'AB 123' });
    expect(subject([])).toMatchObject({ name: 'scan-1', reasons: expect.stringMatching(/Nobody read/) });
    const identity: Message = {
      kind: 'identity',
      time: at(-3),
      received: at(-3),
      quality: 'good',
      attributes: {},
      plate: 'CD 456',
    };
    expect(subject([identity])).toMatchObject({ name: 'CD 456' });
  });

  test('is not what was read too early, elsewhere, or badly', () => {
    expect(subject([passage('AB 123', -31)]).name).toBe('scan-1');
    expect(subject([passage('AB 123', -3, { point: 'gate' })], { point: 'scanner-1' }).name).toBe('scan-1');
    expect(subject([passage('AB 123', -3, { confidence: 0.4 })]).name).toBe('scan-1');
  });

  test('is in doubt when two were read', () => {
    const said = subject([passage('QWLU3054383', -6), passage('CSQU3054383', -5)]);
    expect(said).toMatchObject({
      name: 'scan-1',
      reasons: expect.stringMatching(/QWLU3054383, CSQU3054383/),
    });
  });

  test('names one scan only', () => {
    const second = strips(3, { scan: 'scan-2', attributes: { started: at(10) } }).map((frame, n) => ({
      ...frame,
      time: at(10 + n),
      received: at(10 + n),
    }));
    const empty = (scan: string, seconds: number) =>
      conclusion('empty', { scan, time: at(seconds), received: at(seconds) });
    const { verdicts } = judged([
      passage('AB 123', -5),
      ...strips(5),
      empty('scan-1', 4),
      ...second,
      empty('scan-2', 13),
    ]);
    expect(verdicts.map((one) => one.subject)).toEqual(['AB 123', 'scan-2']);
  });
});

test('what it cannot handle leaves by the error port', () => {
  const { conveyance: _, ...nameless } = declaration('x') as MessageOf<'declaration'>;
  const scanless = { ...strip(0, 2), scan: undefined } as unknown as Message;
  expect(judged([nameless, scanless]).errors).toEqual(['message.invalid', 'frame.scan']);
});

test('however it is cut by restarts, the same verdicts', () => {
  const messages: Message[] = [
    declaration('QWLU3054383'),
    passage('QWLU3054383', -5),
    ...strips(5),
    conclusion('empty'),
    ...strips(3, { scan: 'scan-2' }).slice(0, 2),
    conclusion('loaded', { scan: 'scan-2', time: at(6), received: at(6) }),
  ];
  const steps: Step[] = messages.map((message) => ({ message }));
  const once = outputsOf(verdict, config, steps);
  expect(once).toHaveLength(2);
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: steps.length - 1 }));
  fc.assert(
    fc.property(cuts, (places) => {
      expect(outputsOf(verdict, config, steps, places)).toEqual(once);
    }),
  );
});

test('a scan of which no end comes is judged by the clock', () => {
  const run = runStage(verdict, config);
  for (const frame of strips(5).slice(0, 3)) run.push(frame);
  run.advance(atMs(61));
  expect(run.port('out')).toEqual([]);
  run.advance(atMs(62));
  expect(run.port('out')).toMatchObject([{ outcome: 'none' }]);
  run.stop();
});

test('names at least one model', () => {
  expect(() => configOf(verdict, { models: [] })).toThrow();
});
