import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '#flows/message';
import { type CarrierState, withCarriers } from './carriers.ts';
import { nmeaCodec, radarCodec } from './codec.ts';
import type { EpochState } from './epoch.ts';
import { wrap } from './sentence.ts';

/** Messages of a text that comes in pieces of `size`, each line a second after the one before; and what is known then. */
function read(text: string, size = text.length || 1, secondsALine = 1) {
  const codec = withCarriers(nmeaCodec);
  const framer = codec.framer();
  const bytes = Buffer.from(text, 'latin1');
  let state: CarrierState<EpochState> = codec.initial();
  const messages: Message[] = [];
  let lines = 0;
  for (let at = 0; at < bytes.length; at += size)
    for (const framed of framer.push(bytes.subarray(at, at + size))) {
      const decoded = 'problem' in framed ? framed : codec.decode(framed.frame);
      lines++;
      for (const part of 'parts' in decoded ? decoded.parts : []) {
        const [next, made] = codec.assemble(state, part, lines * secondsALine * 1000);
        state = next;
        messages.push(...made);
      }
    }
  messages.push(...codec.expire(state, Number.POSITIVE_INFINITY)[1]);
  const strengths = [...state.heard.values()].flatMap((one) => one.strengths).sort((a, b) => b - a);
  return { messages, strengths };
}

const rmc = (time: string) => `GPRMC,${time},A,5100.0000,N,00400.0000,E,10.0,090.0,310126,,,A`;
const satellite = (strength: number | '') => `12,48,233,${strength}`;
const list = (head: string, ...strengths: (number | '')[]) =>
  [`${head}`, '08', ...strengths.map(satellite)].join(',');
const carriers = (...bodies: string[]) =>
  read(bodies.map(wrap).join('')).messages.map(({ attributes }) => attributes.carrierDbHz);

describe('how strongly satellites are heard', () => {
  const two = [list('GPGSV,2,1', 40, 30, '', 44), list('GPGSV,2,2', 46, '', 45)];

  test('is the mean of the four strongest of the last whole list, by hand', () => {
    expect(carriers(...two, rmc('120000'), rmc('120001'))).toEqual([43.8, 43.8]);
  });

  test('all constellations and signals count, each by its last list', () => {
    const glonass = list('GLGSV,1,1', 50, 49);
    const l5 = `${list('GPGSV,1,1', 20, 48)},8`;
    expect(carriers(...two, glonass, l5, rmc('120000'))).toEqual([48.3]);
    expect(carriers(...two, list('GPGSV,1,1', 31, 32, 33, 34), rmc('120000'))).toEqual([32.5]);
  });

  test.each([
    ['fewer than four are heard', [list('GPGSV,1,1', 40, 41, 42, '')]],
    ['a sentence of the list is missing', [two[1] as string]],
    ['they come in another order', [two[1] as string, two[0] as string]],
    ['there is none', []],
  ])('is not said where %s', (_, bodies) => {
    expect(carriers(...bodies, rmc('120000'))).toEqual([undefined]);
  });

  test('is not said of lists that are old, or damaged', () => {
    const text = [...two, rmc('120000'), rmc('120001')].map(wrap).join('');
    expect(read(text, text.length, 20).messages.map((one) => one.attributes.carrierDbHz)).toEqual([
      undefined,
      undefined,
    ]);
    expect(read(text.replace('12,48,233,46', '12,48,233,47')).messages[0]?.attributes.carrierDbHz).toBe(
      undefined,
    );
  });

  test('is said of the receiver, not of what a radar follows', () => {
    const codec = withCarriers(radarCodec());
    let state = codec.initial();
    const messages: Message[] = [];
    const text = [...two, 'RATLL,07,5100.00,N,00400.00,E,,120000,T,'].map(wrap).join('');
    for (const framed of codec.framer().push(Buffer.from(text)))
      for (const part of 'frame' in framed
        ? ((codec.decode(framed.frame) as { parts?: [] }).parts ?? [])
        : []) {
        const [next, made] = codec.assemble(state, part, 0);
        state = next;
        messages.push(...made);
      }
    expect(messages).toHaveLength(1);
    expect(messages[0]?.attributes).not.toHaveProperty('carrierDbHz');
  });

  test('whatever comes, however it is cut: the positions are those without it', () => {
    const body = fc.oneof(
      fc.constantFrom(...two, rmc('120000'), rmc('120001'), 'GPGSV', 'GPGSV,1,1', 'GPGSV,x,y,z,,,,99,1'),
      fc
        .tuple(fc.nat(4), fc.nat(4), fc.array(fc.integer({ min: -5, max: 150 }), { maxLength: 5 }))
        .map(([of, part, strengths]) => list(`GPGSV,${of},${part}`, ...strengths)),
    );
    fc.assert(
      fc.property(fc.array(body, { maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (bodies, size) => {
        const text = bodies.map(wrap).join('');
        const whole = read(text);
        expect(read(text, size)).toEqual(whole);
        for (const { attributes } of whole.messages)
          if (attributes.carrierDbHz !== undefined) expect(attributes.carrierDbHz).toBeLessThanOrEqual(99);
      }),
    );
  });
});

const logs = fileURLToPath(new URL('../../../shared/data/nmea/', import.meta.url));
/** Logs in which gpsd reads lists otherwise: it takes one that is cut at the begin, and one signal of two. */
const otherwise = /^(gr601-w|haicom-305N|iTrek|jl-micro|mtk-3329|quectelLC79D|sl869|st-teseo)/;

test.skipIf(!existsSync(logs))(
  'strengths are those that gpsd reads (../shared/data, absent: skipped)',
  () => {
    let compared = 0;
    for (const file of readdirSync(logs).filter((name) => name.endsWith('.chk') && !otherwise.test(name))) {
      let said = '';
      for (const line of readFileSync(`${logs}${file}`, 'latin1').split('\n')) {
        if (/^[$!]/.test(line)) said += `${line}\r\n`;
        if (!line.includes('"SKY"') || !line.includes('"satellites"')) continue;
        const { satellites } = JSON.parse(line) as { satellites: { ss?: number }[] };
        const theirs = satellites.flatMap(({ ss }) => (ss ? [ss] : [])).sort((a, b) => b - a);
        expect([file, read(said).strengths]).toEqual([file, theirs]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(200);
  },
);
