import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reduce } from '#firmware-config/scan-file/reduce';
import { opened, pixels } from '#test/support/scans';
import { LiveStrips, type StripWorld } from './live-strips.ts';

const rows = 12;
const stride = rows * 2;
const { id: scan, planes, attributes } = opened('s', rows);
const record = {
  order: 1,
  opened: 0,
  scan,
  rows,
  planes: [...planes],
  attributes: { ...attributes, energiesMv: [6, 4] },
  announced: false,
  judged: false,
};
type Sent = { header: Parameters<StripWorld['send']>[0]; samples: Uint16Array };

function make(watched: () => boolean = () => true, room: () => boolean = () => true) {
  const sent: Sent[] = [];
  const strips = new LiveStrips({
    watched,
    send(header, samples) {
      if (!room()) return false;
      sent.push({ header, samples: samples.slice() });
      return true;
    },
  });
  return { strips, sent };
}

test('every strip is the mean of the columns that it names, whatever came through and whoever looked when', () => {
  const step = fc.record({
    columns: fc.integer({ min: 1, max: 150 }),
    watched: fc.boolean(),
    room: fc.boolean(),
    answer: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const all = pixels(steps.reduce((sum, { columns }) => sum + columns, 0) * stride, 'x');
      let now = { watched: true, room: true };
      const { strips, sent } = make(
        () => now.watched,
        () => now.room,
      );
      let column0 = 0;
      for (const { columns, answer, ...rest } of steps) {
        now = rest;
        const samples = all.subarray(column0 * stride, (column0 + columns) * stride);
        strips.take({ record, column0, samples });
        column0 += columns;
        if (answer) strips.acknowledged(sent.length);
      }
      now = { watched: true, room: true };
      strips.end(record);
      let end = 0;
      for (const { header, samples } of sent) {
        const width = Math.min(header.columns * header.step, column0 - header.column0);
        const own = all.subarray(header.column0 * stride, (header.column0 + width) * stride);
        // Only the end of a scan has a cell that is not whole.
        if (header.column0 + header.columns * header.step > column0) expect(header).toBe(sent.at(-1)?.header);
        expect(samples).toEqual(
          reduce({ samples: own, rows, columns: own.length / stride }, 2, header.step).samples,
        );
        expect(header.column0 % header.step).toBe(0);
        expect(header.column0).toBeGreaterThanOrEqual(end);
        end = header.column0 + width;
      }
      expect(sent.map(({ header }) => header.number)).toEqual(sent.map((_, n) => n + 1));
    }),
    { numRuns: 60 },
  );
});

test('a link that does not answer gets three strips and no more; then they are coarser, and what was dropped is told', () => {
  const { strips, sent } = make();
  const samples = pixels(64 * stride, 'x');
  for (let n = 0; n < 40; n += 1) strips.take({ record, column0: n * 64, samples });
  expect(sent.length).toBe(3);
  strips.acknowledged(3);
  strips.take({ record, column0: 40 * 64, samples });
  expect(sent[3]?.header).toMatchObject({ number: 4, skipped: 37, column0: 2560, step: 16 });
  strips.restart();
  for (let n = 41; n < 400; n += 1) {
    strips.take({ record, column0: n * 64, samples });
    strips.acknowledged(sent.length);
  }
  expect(sent.at(-1)?.header).toMatchObject({ skipped: 0, step: 2 });
});

test('of a scan that nobody looks at nothing is kept or sent', () => {
  const { strips, sent } = make(() => false);
  strips.take({ record, column0: 0, samples: pixels(500 * stride, 'x') });
  strips.end(record);
  expect(sent).toEqual([]);
});
