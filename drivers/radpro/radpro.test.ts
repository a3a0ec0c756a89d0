import { describe, expect, test } from 'vitest';
import { decodeAll } from '#test/support/decode-all';
import { radproCodec } from './codec.ts';
import { round } from './exchange.ts';
import { newMeter, said } from './meter.ts';

const read = (...lines: string[]) => decodeAll(radproCodec, [Buffer.from(`${lines.join('\r\n')}\r\n`)]);
const codes = (...lines: string[]) => read(...lines).codes;

describe('answers', () => {
  test.each([
    ['deviceTime', 'OK 1690000000', true],
    ['tubeRate', 'OK 142.857', true],
    ['tubeRate', 'OK 142.85', false],
    ['tubeRate', 'OK 142', false],
    ['tubeRate', 'OK -1.000', false],
    ['tubePulseCount', 'OK 1500', true],
    ['tubePulseCount', 'OK 1500.000', false],
    ['tubePulseCount', 'OK', false],
    ['tubePulseCount', 'ERROR', false],
  ])('of %s: %s', (asked, line, accepted) => {
    expect(round.find(({ request }) => request === `GET ${asked}`)?.accepts(line)).toBe(accepted);
  });

  test('need a request, and the form that it asks for', () => {
    expect(codes('OK 1')).toEqual(['radpro.unasked']);
    expect(codes('GET tubeRate', 'OK 1.000', 'OK 2.000')).toEqual(['radpro.unasked']);
    expect(codes('GET tubeRate', 'ERROR', 'OK 2.000')).toEqual(['radpro.refused', 'radpro.unasked']);
    expect(codes('GET tubeRate', 'what')).toEqual(['radpro.noise']);
    expect(codes('GET deviceId', 'OK a;b')).toEqual(['radpro.form']);
    expect(codes('x'.repeat(5000))).toEqual(['radpro.toolong']);
  });

  test('of what is not read are no problem', () => {
    expect(read('GET tubeDeadTime', 'OK 0.0002420')).toEqual({ messages: [], codes: [] });
  });

  test('without a sensitivity there is no dose rate', () => {
    expect(read('GET tubeRate', 'OK 60.000').messages.map((m) => 'name' in m && m.name)).toEqual([
      'countRate',
    ]);
    const zero = read('GET tubeSensitivity', 'OK 0.000', 'GET tubeRate', 'OK 60.000');
    expect(zero.messages).toHaveLength(1);
  });
});

describe('a frozen meter', () => {
  const second = (timeS: number, rate: string, pulses: number) => [
    'GET deviceTime',
    `OK ${timeS}`,
    'GET tubeRate',
    `OK ${rate}`,
    'GET tubePulseCount',
    `OK ${pulses}`,
  ];
  const frozen = (lines: string[]) =>
    read(...lines).messages.flatMap((m) =>
      m.kind === 'reading' && m.name === 'pulseCount' ? [m.attributes.frozen === true && m.quality] : [],
    );

  test('is one whose pulses stand though its rate says that they come', () => {
    const lines = Array.from({ length: 8 }, (_, i) => second(1000 + i, '600.000', 5)).flat();
    expect(frozen(lines)).toEqual([false, false, false, false, 'suspect', 'suspect', 'suspect', 'suspect']);
    expect(frozen([...lines, ...second(1009, '600.000', 15)]).at(-1)).toBe(false);
  });

  test('is not one in a quiet place, nor one whose clock is set', () => {
    expect(frozen(Array.from({ length: 60 }, (_, i) => second(i, '20.000', 5)).flat())).not.toContain(
      'suspect',
    );
    expect(frozen([...second(0, '150.000', 5), ...second(1e9, '150.000', 5)])).toEqual([false, false]);
  });

  test('is one whose clock stands', () => {
    const meter = newMeter();
    const at = (ms: number) => said(meter, { asked: 'deviceTime', fields: [], value: 7 }, ms);
    const rate = () => said(meter, { asked: 'tubeRate', fields: [], value: 60 }, 0)[0];
    for (let ms = 0; ms <= 5000; ms += 500) at(ms);
    expect(rate()?.quality).toBe('good');
    at(5500);
    expect(rate()).toMatchObject({ quality: 'suspect', attributes: { frozen: true } });
  });

  test('pulses that go back are told', () => {
    const { messages } = read('GET tubePulseCount', 'OK 100', 'GET tubePulseCount', 'OK 2');
    expect(messages[1]).toMatchObject({ value: 2, quality: 'suspect', attributes: { reset: true } });
  });
});
