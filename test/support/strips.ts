import type { FindingMessage, Models, ScanModel } from '#flows/inference';
import { Refusal } from '#flows/process';
import { airLevel, type FrameMessage, type ScanAttributes } from '#flows/scan';
import { sha256Hex } from '#flows/trust/canonical';
import { at } from './messages.ts';

export const stripColumns = 10;

/** Strip number `n` of `count` of a scan that starts at second 0, one strip a second; sound unless said otherwise. */
export function strip(
  n: number,
  count: number,
  more: { scan?: string; attributes?: Partial<ScanAttributes>; frame?: Partial<FrameMessage> } = {},
): FrameMessage {
  const { scan = 'scan-1' } = more;
  const last = n === count - 1;
  return {
    kind: 'frame',
    device: 'xray-1',
    time: at(n),
    received: at(n),
    quality: 'good',
    view: 'side',
    width: stripColumns,
    height: 100,
    planes: ['high', 'low'],
    bits: 16,
    data: { file: `${scan}.qws`, offset: n * 4000, sha256: sha256Hex(`${scan} ${n}`) },
    scan,
    line0: n * stripColumns,
    attributes: {
      scan: {
        scanner: 'a1',
        energiesMv: [6, 4],
        pixelMm: 5,
        airLevel,
        started: at(0),
        first: n === 0,
        last,
        ...(last ? { end: 'complete' } : {}),
        calibration: 'good',
        lines: { received: (n + 1) * stripColumns, lost: 0, doubled: 0, damaged: 0 },
        badPixels: 0,
        saturated: 0,
        speedMps: 0.4,
        ...more.attributes,
      },
    },
    ...more.frame,
  };
}

/** All strips of a scan. */
export const strips = (count: number, more: Parameters<typeof strip>[2] = {}): FrameMessage[] =>
  Array.from({ length: count }, (_, n) => strip(n, count, more));

export const finding = (label: string, more: Partial<FindingMessage> = {}): FindingMessage => ({
  kind: 'finding',
  quality: 'good',
  attributes: { final: true, signed: false, threshold: 0.5, sha256: 'ab', provider: 'cpu' },
  model: 'columns',
  modelVersion: '1.0.0',
  label,
  score: 0.9,
  evidence: {},
  ...more,
});

interface Known {
  readonly columns: readonly number[];
  readonly missed: readonly string[];
}

/**
 * The arithmetic of a model without a network: it lists the columns that it was shown in order and concludes
 * `empty`, or abstains when something was missing. `delayMs` is how long it looks at a strip.
 */
export function columnsModel(
  delayMs: (frame: FrameMessage) => number = () => 0,
  broken: (frame: FrameMessage) => string | undefined = () => undefined,
): ScanModel {
  const of = (known: unknown): Known => (known as Known | undefined) ?? { columns: [], missed: [] };
  return {
    id: 'columns',
    async run(frame) {
      await new Promise((resolve) => setTimeout(resolve, delayMs(frame)));
      const code = broken(frame);
      if (code !== undefined) throw new Refusal(code, `${code} at ${frame.line0}`);
      return frame.line0;
    },
    add(known, _frame, result) {
      const { columns, missed } = of(known);
      return { known: { columns: [...columns, result as number], missed }, findings: [] };
    },
    miss(known, _frame, reason) {
      const { columns, missed } = of(known);
      return { columns, missed: [...missed, reason] };
    },
    conclude(known) {
      const { columns, missed } = of(known);
      if (missed.length > 0)
        return [finding('abstained', { score: 0, evidence: { columns, reasons: missed } })];
      return [finding('empty', { evidence: { columns } })];
    },
  };
}

export const modelsOf = (...all: readonly ScanModel[]): Models => ({
  model: (id) => all.find((model) => model.id === id),
});
