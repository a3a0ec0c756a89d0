import type { Event } from '#flows/event';
import type { FlowDocument } from '#flows/flow';
import { stages } from '#flows/registry';
import { nothing } from '#flows/run/progress';
import { runFlow } from '#flows/run/run';
import { mergeState, type RunPoint, type RunSnapshot } from '#flows/run/snapshot';
import type { FlowError } from '#flows/runtime';
import type { Resources } from '#flows/stage';
import type { WeekLine } from './belt.ts';

const commitEveryLines = 500;

export interface LivesOptions {
  readonly document: FlowDocument;
  readonly resources: Resources;
  readonly lines: Iterator<WeekLine>;
  /** Whether the run is killed after this line: what it had not committed is gone, and it begins again from its checkpoint. */
  readonly killsAfter: (line: number) => boolean;
  readonly signal: AbortSignal;
  /** An event, when it is committed; with the line at which it was made. */
  onEvent(event: Event, at: WeekLine): void;
  onError(error: FlowError): void;
}

export interface LivesDone {
  readonly kills: number;
  readonly lines: number;
  /** Entries of the checkpoint at the end. */
  readonly stateKeys: number;
}

/** As a disk gives it back: nothing but JSON survives a kill. */
const fromDisk = (saved: RunSnapshot): RunSnapshot => ({
  ...(JSON.parse(JSON.stringify(saved)) as RunSnapshot),
  progress: { total: nothing, current: nothing },
});

/** Runs a flow over lines through as many lives as it is killed, each from the checkpoint of the one before. */
export async function runLives(options: LivesOptions): Promise<LivesDone> {
  const { document, resources, lines, killsAfter, signal, onEvent, onError } = options;
  let saved: RunSnapshot | undefined;
  /** Lines since the checkpoint: a source sends again what was not acknowledged. */
  let again: WeekLine[] = [];
  let [kills, taken, ended] = [0, 0, false];
  while (!ended && !signal.aborted) {
    const now: { line?: WeekLine; killed: boolean } = { killed: false };
    const since: WeekLine[] = [];
    let made: { event: Event; at: WeekLine }[] = [];
    const commit = (point: RunPoint) => {
      // What it gives is the runtime's own, and goes on changing: it is copied here, as a disk would have it.
      const { state, ...head } = JSON.parse(JSON.stringify(point.commit())) as RunSnapshot;
      saved = { ...head, state: mergeState(saved?.state ?? [], state) };
      since.length = 0;
      for (const { event, at } of made) onEvent(event, at);
      made = [];
    };
    const redo = again;
    function* life(): Generator<string> {
      for (const line of redo) {
        since.push(line);
        now.line = line;
        yield line.text;
      }
      while (!signal.aborted) {
        const next = lines.next();
        if (next.done) {
          ended = true;
          return;
        }
        taken++;
        since.push(next.value);
        now.line = next.value;
        yield next.value.text;
        if (killsAfter(taken)) {
          now.killed = true;
          return;
        }
      }
    }
    const run = runFlow({
      document,
      stages,
      resources,
      lines: life(),
      hold: true,
      ...(saved ? { resume: fromDisk(saved) } : {}),
      onCommit(point) {
        if (!now.killed && (since.length >= commitEveryLines || point.ended)) commit(point);
      },
      onError,
    });
    for await (const event of run) if (now.line) made.push({ event, at: now.line });
    again = now.killed ? [...since] : [];
    if (now.killed) kills++;
  }
  return { kills, lines: taken, stateKeys: saved?.state.length ?? 0 };
}
