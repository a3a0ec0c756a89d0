import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { simulateLinescan } from '#drivers/linescan/simulator';
import type { Simulator } from '#drivers/simulator';
import { channel } from '#edge/demo/channel';
import type { Event } from '#flows/event';
import type { RawLine } from '#flows/scan';
import { startBox, type TestBox } from './box.ts';
import { until } from './hub.ts';
import { records, scanName, truck } from './lane.ts';
import { temporaryFolder } from './quaywatch.ts';
import { writeThresholdBundle } from './threshold-bundle.ts';

/** What is to be ended after a test, last first. */
export type Undo = (() => unknown)[];

/** The shipped flow, with the scanner where the test's is and pixels of 10 mm. */
export function laneFlow(connect: string) {
  const text = readFileSync(new URL('../../flows/library/scanner-lane.flow.yaml', import.meta.url), 'utf8');
  const flow = parse(text) as { nodes: { id: string; config: Record<string, unknown> }[]; tests?: unknown };
  const { tests: _, ...rest } = flow;
  const changes: Record<string, object> = {
    scanner: { connect, pixelMm: 10, stripColumns: 16 },
    look: { silenceSeconds: 6 },
    judge: { silenceSeconds: 6 },
  };
  const nodes = flow.nodes.map((node) => ({ ...node, config: { ...node.config, ...changes[node.id] } }));
  return { ...rest, nodes };
}

export interface Scanner {
  readonly simulator: Simulator;
  readonly address: string;
  send(...lines: readonly Buffer[]): void;
}

export async function startScanner(undo: Undo): Promise<Scanner> {
  const wire = channel<Uint8Array>(100_000);
  const place = { host: '127.0.0.1', port: 0, callsIn: false };
  const simulator = await simulateLinescan({ source: wire.source, wire: place, random: () => 0.5 });
  undo.push(() => simulator.stop());
  const send = (...lines: readonly Buffer[]) => {
    for (const line of lines) wire.send(line);
  };
  return { simulator, address: String(simulator.config.connect), send };
}

/** What an idle scanner says: dark and air. */
const idle = (lines = 100) => records(truck(false), scanName(0xd)).slice(0, lines);

/** The object alone, from the first line to the last: no dark, no air. */
export function uncalibrated(scan: number, more: Partial<RawLine> = {}): Buffer[] {
  const object = [...truck(false)].filter(({ beam }) => beam === 'object');
  const lines = object.map(
    (line, n): RawLine => ({ ...line, ...more, line: n, end: n === object.length - 1 }),
  );
  return records(lines, scanName(scan));
}

/** Says something until the box hears the scanner. */
export async function heard(
  scanner: Scanner,
  live: () => boolean | Promise<boolean>,
  words: readonly Buffer[] = idle(),
): Promise<void> {
  await until(async () => {
    scanner.send(...words);
    await sleep(50);
    return live();
  }, 'the scanner to be heard');
}

export interface Lane {
  readonly box: TestBox;
  readonly scanner: Scanner;
  verdicts(): Event[];
  verdict(scan: number): Promise<Event>;
}

export interface LaneOptions {
  readonly token?: string;
  /** False: the box has no model. */
  readonly bundle?: boolean;
  /** `hardly`: the scanner has shown a few lines of dark; `never`: objects alone. */
  readonly calibrated?: 'well' | 'hardly' | 'never';
}

/** A scanner and a box whose model is a bundle of the tests, 1.0.0, unsigned. */
export async function startLane(
  undo: Undo,
  { token, bundle = true, calibrated = 'well' }: LaneOptions = {},
): Promise<Lane> {
  const scanner = await startScanner(undo);
  const folder = temporaryFolder();
  undo.push(() => folder[Symbol.dispose]());
  if (bundle) writeThresholdBundle(join(folder.path, 'empty-container'));
  const box = await startBox({
    flows: [laneFlow(scanner.address)],
    config: { models: { folders: [folder.path], allowUnsigned: true } },
    ...(token === undefined ? {} : { token }),
  });
  undo.push(() => box.close());
  const live = () =>
    box.box.runner.devices().some((one) => one.driver === 'linescan' && one.state === 'live');
  await heard(scanner, live, { well: idle(), hardly: idle(4), never: uncalibrated(0xd) }[calibrated]);
  const verdicts = () =>
    (['alarm', 'verdict'] as const)
      .flatMap((priority) => box.box.outbox.read(priority, 0, 1e6, 1e9).events)
      .map((text) => JSON.parse(text) as Event)
      .filter(({ type }) => type === 'quaywatch.scan.verdict');
  const verdict = (scan: number) =>
    until(
      () => verdicts().find(({ data }) => data.scan === scanName(scan)),
      `a verdict on scan ${scan}`,
      100_000,
    );
  return { box, scanner, verdicts, verdict };
}
