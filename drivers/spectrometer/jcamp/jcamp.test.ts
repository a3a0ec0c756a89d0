import fc from 'fast-check';
import { convert } from 'jcampconverter';
import { describe, expect, test } from 'vitest';
import type { Found } from '../spectrum.ts';
import { readLine } from './asdf.ts';
import { readJcamp } from './jcamp.ts';

/** The example of the paper that defines the forms (McDonald and Wilks 1988): one row in each. */
const example = [1, 2, 3, 3, 2, 1, 0, -1, -2, -3];
test.each([
  ['AFFN', '1 1 2 3 3 2 1 0 -1 -2 -3'],
  ['PAC', '1+1+2+3+3+2+1+0-1-2-3'],
  ['SQZ', '1ABCCBA@abc'],
  ['DIF', '1AJJ%jjjjjj'],
  ['DIFDUP', '1AJT%jX'],
])('the example of the standard in %s', (_, line) => {
  expect(readLine(line)).toMatchObject({ x: 1, y: example });
});

test.each(['1JJ', '1S', '1A$', '1A..2'])('%s is no line', (line) => {
  expect(() => readLine(line)).toThrow();
});

describe('a repetition of more than there is', () => {
  const file = (points: string, line: string) =>
    Buffer.from(
      `##TITLE=a\n##XUNITS=NANOMETERS\n##FIRSTX=0\n##DELTAX=1\n##NPOINTS=${points}\n##XYDATA=(X++(Y..Y))\n${line}\n##END=\n`,
    );

  test.each([
    ['9', '0A999999999999'],
    ['9', '0AS999999999999'],
    ['9', '0AV'],
    ['999999999999', '0AS99999999999'],
    ['-1', '0AS99999999999'],
    ['4000001', '0A'],
  ])('of %s points the line %s is a problem, and costs nothing', (points, line) => {
    const before = process.memoryUsage().heapTotal;
    expect(readJcamp(file(points, line))).toMatchObject({ code: 'spectrum.form' });
    expect(process.memoryUsage().heapTotal - before).toBeLessThan(100e6);
  });

  test('a block of fewer than no points makes no room for another', () => {
    const both = Buffer.concat([file('-999999999999', '0A'), file('999999999999', '0AS99999999999')]);
    expect(readJcamp(both)).toMatchObject({ code: 'spectrum.form' });
  });

  test('of as many as there are it is a spectrum', () => {
    const read = readJcamp(file('199999', '0AS99999'));
    expect('code' in read ? read : read[0]?.values.length).toBe(199_999);
  });
});

interface Form {
  readonly first: (value: number) => string;
  readonly next: (value: number, before: number) => string;
  readonly checked: boolean;
}
const digitForm = (plus: string, minus: string) => (value: number) => {
  const text = `${Math.abs(value)}`;
  const first = Number(text[0]);
  return value < 0 ? `${minus[first - 1]}${text.slice(1)}` : `${plus[first]}${text.slice(1)}`;
};
const squeeze = digitForm('@ABCDEFGHI', 'abcdefghi');
const difference = digitForm('%JKLMNOPQR', 'jklmnopqr');
const forms: Readonly<Record<string, Form>> = {
  affn: { first: (value) => ` ${value}`, next: (value) => ` ${value}`, checked: false },
  sqz: { first: squeeze, next: squeeze, checked: false },
  dif: { first: squeeze, next: (value, before) => difference(value - before), checked: true },
};

/** Writes a file as instruments do, ten values a line. */
function write(
  values: readonly number[],
  form: Form,
  change: (lines: string[]) => string[] = (lines) => lines,
): string {
  const lines: string[] = [];
  for (let from = 0; from < values.length; from += 10) {
    const row = values.slice(from, from + 10);
    const check = form.checked && from > 0 ? [values[from - 1] as number] : [];
    const all = [...check, ...row];
    const x = 4000 - 2 * (from - check.length);
    lines.push(
      `${x}${all.map((value, i) => (i === 0 ? form.first(value) : form.next(value, all[i - 1] as number))).join('')}`,
    );
  }
  // A last line of the check alone.
  if (form.checked) lines.push(`${4000 - 2 * (values.length - 1)}${form.first(values.at(-1) as number)}`);
  return [
    '##TITLE= hematite $$ a comment',
    '##JCAMP-DX= 4.24',
    '##DATA TYPE= INFRARED SPECTRUM',
    '##DATE= 26/11/25',
    '##TIME= 10:00:00',
    '##XUNITS= 1/CM',
    '##YUNITS= ABSORBANCE',
    '##FIRSTX= 4000',
    `##LASTX= ${4000 - 2 * (values.length - 1)}`,
    '##XFACTOR= 1',
    '##YFACTOR= 0.001',
    `##NPOINTS= ${values.length}`,
    '##XYDATA= (X++(Y..Y))',
    ...change(lines),
    '##END=',
  ].join('\r\n');
}

const read = (text: string) => readJcamp(Buffer.from(text, 'latin1'));
const only = (text: string): Found => {
  const found = read(text);
  if ('code' in found) throw new Error(found.message);
  return found[0] as Found;
};
const values = fc.array(fc.integer({ min: -99_999, max: 99_999 }), { minLength: 2, maxLength: 60 });

describe.each(Object.entries(forms))('written as %s', (_, form) => {
  test('every value comes back, as a library of others reads it', () => {
    fc.assert(
      fc.property(values, (given) => {
        const text = write(given, form);
        const found = only(text);
        expect(found.values).toEqual(given.map((value) => value * 0.001));
        const theirs = convert(text).flatten[0]?.spectra[0]?.data as unknown as { y: number[] };
        expect(theirs.y.map((y) => Math.round(y * 1000))).toEqual(given);
      }),
      { numRuns: 60 },
    );
  });

  test('a line that is missing gives no spectrum', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 31, maxLength: 60 }),
        fc.nat({ max: 2 }),
        (given, at) => {
          const found = read(write(given, form, (lines) => lines.toSpliced(at, 1)));
          expect('code' in found && found.code).toBe('spectrum.form');
        },
      ),
      { numRuns: 40 },
    );
  });
});

test('what a file says beside its values', () => {
  expect(only(write([1, 2, 3], forms.affn as Form))).toEqual({
    axis: { unit: 'cm-1', start: 4000, step: -2 },
    values: [0.001, 0.002, 0.003],
    technique: 'nir',
    time: '2026-11-25T10:00:00.000Z',
    attributes: { format: 'jcamp', title: 'hematite', yUnit: 'ABSORBANCE', dataType: 'INFRARED SPECTRUM' },
  });
});

test('pairs, several blocks, and values that were not measured', () => {
  const block = (data: string) =>
    `##TITLE= b\n##XUNITS= keV\n##YUNITS= COUNTS\n##NPOINTS= 3\n##XYPOINTS= (XY..XY)\n${data}\n##END=\n`;
  const link = `##TITLE= link\n##DATA TYPE= LINK\n##BLOCKS= 2\n${block('1, 5; 2, 6; 4, 9')}${block('1 5\n2 6\n3 7')}##END=\n`;
  const found = read(link);
  expect(found).toMatchObject([
    { technique: 'xrf', axis: { unit: 'keV', values: [1, 2, 4] }, values: [5, 6, 9] },
    { axis: { start: 1, step: 1 }, values: [5, 6, 7] },
  ]);
  const missing = read(write([1, 2, 3], forms.affn as Form, () => ['4000 1 ? 3']));
  expect('code' in missing && missing.message).toContain('value 2');
});

test.each([
  ['no end', '##TITLE= a\n##NPOINTS= 1\n'],
  ['no data', '##TITLE= a\n##END=\n'],
  ['NTUPLES', '##TITLE= a\n##NTUPLES= x\n##END=\n'],
  [
    'points that differ',
    '##TITLE= a\n##FIRSTX=1\n##LASTX=2\n##NPOINTS=2\n##XYDATA=(X++(Y..Y))\n1 2 3 4\n##END=\n',
  ],
])('%s is said', (_, text) => {
  const found = read(text);
  expect('code' in found && found.code).toBe('spectrum.form');
});
