import type { Bench } from './bench.ts';
import { nirRows } from './spectrum/nir.ts';
import { nirStreamRows } from './spectrum/nir-stream.ts';
import { xrfRows } from './spectrum/xrf.ts';

export const bench: Bench = {
  name: 'spectrum',
  summary:
    'Processor time from a spectrum to composition, T2 and Q, and to peak areas, beside ml-pls and plain loops.',
  async run(report, log, signal) {
    log('near infrared: 512 points, 8 oxides');
    for (const row of await nirRows(signal)) report(row);
    log('the same from a message of a stream, by a calibration of one property');
    for (const row of nirStreamRows()) report(row);
    log('X-ray fluorescence: 1,400 channels, 40 templates');
    for (const row of await xrfRows(signal)) report(row);
  },
};
