import { describe, expect, test } from 'vitest';
import { readSpectrumFile } from './spectrum-file.ts';

const counts = Array.from({ length: 128 }, (_, i) => (i * 7) % 50);
const lines = (rows: readonly unknown[]) => `${rows.join('\n')}\n`;
const read = (text: string) => readSpectrumFile(text, 'file');

describe('a spectrum is read from', () => {
  test.each<[string, string, readonly number[] | undefined]>([
    [
      'SPE',
      lines([
        '$SPEC_ID:',
        'steel',
        '$DATA:',
        '0 127',
        ...counts,
        '$MCA_CAL:',
        '3',
        '0.01 0.02 1e-7 keV',
        '$ROI:',
        '0',
      ]),
      [0.01, 0.02, 1e-7],
    ],
    [
      'SPE with a straight line',
      lines(['$DATA:', '0 127', counts.join(' '), '$ENER_FIT:', '0.01 0.02']),
      [0.01, 0.02, 0],
    ],
    ['SPE without', lines(['$DATA:', '0 127', ...counts]), undefined],
    [
      'MCA of Amptek',
      lines([
        '<<PMCA SPECTRUM>>',
        'TAG - live',
        '<<CALIBRATION>>',
        'LABEL - keV',
        '100 2.01',
        '50 1.01',
        '<<DATA>>',
        ...counts,
        '<<END>>',
      ]),
      [0.01, 0.02, 0],
    ],
    ['a column of counts', lines(['# one count a line', ...counts]), undefined],
    [
      'channels and counts',
      lines(['channel,counts', ...counts.map((count, i) => `${i},${count}`)]),
      undefined,
    ],
    [
      'energies and counts',
      lines([
        'energy (keV);counts',
        ...counts.map((count, i) => `${(0.01 + 0.02 * i).toFixed(3)};${count}`.replace('.', ',')),
      ]),
      [0.01, 0.02, 0],
    ],
    ['energies in eV', lines(counts.map((count, i) => `${10 + 20 * i}\t${count}`)), [0.01, 0.02, 0]],
  ])('%s', (_, text, calibration) => {
    const found = read(text);
    expect([...found.counts]).toEqual(counts);
    if (!calibration) expect(found.calibration).toBeUndefined();
    for (const [k, value] of (calibration ?? []).entries())
      expect(found.calibration?.[k]).toBeCloseTo(value, 9);
  });

  test('several detectors, each onto the axis of the first, with no count lost', () => {
    const head = [
      'VERSION: 3.1',
      'CAL_OFFSET: 0.0 0.01',
      'CAL_SLOPE: 0.02 0.0202',
      'CAL_QUAD: 0 0',
      'DATA: ',
    ];
    const peak = counts.map((_, i) => `${i === 60 ? 1000 : 0} ${i === 59 ? 1000 : 0}`);
    const found = read(lines([...head, ...peak]));
    expect(found.detectors).toBe(2);
    expect(found.counts.reduce((sum, count) => sum + count, 0)).toBeCloseTo(2000, 6);
    // 0.01 + 59 * 0.0202 keV is channel 60.09 of the first.
    expect(found.counts[60]).toBeGreaterThan(1850);
    expect(found.calibration).toEqual([0, 0.02, 0]);
  });

  test.each([
    ['short', lines(['$DATA:', '0 127', '1 2 3']), /0 to 127 and has 3/],
    ['negative', lines(counts.map((count, i) => (i === 5 ? -1 : count))), /channel 5 has -1/],
    ['empty', lines(counts.map(() => 0)), /no counts/],
    ['torn', lines(counts.map((count, i) => (i === 7 ? `${count},x` : `${i},${count}`))), /not all numbers/],
    ['text', 'Dear customs officer,\nplease find enclosed\n', /not all numbers|0 channels|no rows/],
  ])('nothing that is %s, by its place', (_, text, words) => {
    expect(() => read(text)).toThrow(words);
  });
});
