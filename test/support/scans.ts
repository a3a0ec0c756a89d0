import type { FrameMessage, ScanFacts, ScanStore } from '#flows/scan';

/** What `open` of a scan store takes, for a scan of two energies. */
export const opened = (id: string, rows: number): Parameters<ScanStore['open']>[0] => ({
  id,
  device: 'scanner-1',
  rows,
  planes: ['high', 'low'],
  attributes: {
    scanner: 'feed',
    energiesMv: [6, 4],
    pixelMm: 4,
    airLevel: 60_000,
    started: '2026-01-01T00:00:00.000Z',
  },
});

/** Room for any scan of a test. */
export const scanLimits = {
  maxBytes: 50_000_000,
  keepFreeBytes: 0,
  days: 30,
  unjudgedHours: 24,
  memoryBytes: 20_000_000,
  fetchBytesPerSecond: 1_000_000,
};

export const ended: ScanFacts = {
  ended: '2026-01-01T00:00:45.000Z',
  lines: { received: 10, lost: 0, doubled: 0, damaged: 0 },
  calibration: 'good',
  badPixels: 1,
};

/** A strip as it was written and the frame that names it. */
export interface Strip {
  readonly frame: FrameMessage;
  readonly samples: Uint16Array;
}

/** Samples that depend on the seed alone: a slope with noise. */
export function pixels(length: number, seed: string): Uint16Array {
  let state = [...seed].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 7) >>> 0;
  return Uint16Array.from({ length }, (_, at) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (20_000 + at * 3 + (state >>> 24)) & 0xffff;
  });
}

interface Place {
  readonly scan: string;
  readonly rows: number;
  readonly column0: number;
  readonly columns: number;
  readonly data: FrameMessage['data'];
}

export const frameOf = ({ scan, rows, column0, columns, data }: Place): FrameMessage => ({
  kind: 'frame',
  quality: 'good',
  attributes: {},
  view: 'side',
  width: columns,
  height: rows,
  planes: ['high', 'low'],
  bits: 16,
  data,
  scan,
  line0: column0,
});
