import { type Static, Type } from 'typebox';
import { Fault } from '../fault.ts';
import type { FindingMessage, ScanModel } from '../inference.ts';
import { type Out, Refusal } from '../process.ts';
import { type FrameMessage, scanOf } from '../scan.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { work } from '../work.ts';
import { faults, refusal } from './faults.ts';
import { checkFrame, noPicture } from './frames.ts';
import { InferConfig } from './infer-config.ts';
import { admit } from './keys.ts';
import { enter, giveUp, type Looked, noStrips, Strips, takeNext } from './strips.ts';

const Open = Type.Object({
  strips: Strips,
  known: Type.Optional(Type.Unknown({ description: 'What the model knows of the scan.' })),
  blind: Type.Optional(Type.String({ description: 'Why no model can judge the scan.' })),
  newest: Type.Unknown({ description: 'The newest strip.' }),
  waitsUntilMs: Type.Optional(Type.Number({ description: 'Until when missing strips are waited for.' })),
});
type Open = Omit<Static<typeof Open>, 'strips' | 'newest'> & { strips: Strips; newest: FrameMessage };

/** A scan that is concluded is remembered for a while, so that a late strip does not begin it again. */
const Concluded = Type.Object({ concluded: Type.Literal(true) });
type Scan = Open | Static<typeof Concluded>;
const rememberMs = 600_000;

/**
 * Strips may overtake each other and are looked at several at a time; the model takes their results in the
 * order of the columns. What cannot be looked at (no model, too late, crashed, pixels gone, a strip that
 * never came) is told to the model as missing, so that it abstains.
 */
export const infer = defineStage({
  type: 'infer',
  summary: 'Looks at the strips of a scan with a model while they come, and says what it finds.',
  accepts: ['frame'],
  emits: ['finding'],
  config: InferConfig,
  state: Type.Union([Open, Concluded]),
  asynchronous: true,
  concurrency: ({ concurrency }) => concurrency,
  build(config, ctx) {
    const state = ctx.state as KeyedState<Scan>;
    const { deployment, deadlineMs } = config;
    const use = { deadlineMs, ...(deployment === undefined ? {} : { deployment }) };
    const model = (): ScanModel | undefined => ctx.resources.models?.model(config.model, use);
    const missing = faults.problem('model.missing', { model: config.model }).message;

    /** Findings say whose they are, whatever the model left out. */
    const send = (findings: readonly FindingMessage[], { device, time, scan }: FrameMessage, out: Out) => {
      for (const finding of findings) {
        out({ ...(device && { device }), ...(time && { time }), ...(scan && { scan }), ...finding });
      }
    };

    function abstained(reason: string): FindingMessage {
      return {
        kind: 'finding',
        quality: 'good',
        attributes: { final: true, signed: false },
        model: config.model,
        modelVersion: 'none',
        label: 'abstained',
        score: 0,
        evidence: { reasons: [reason] },
      };
    }

    /** A model that fails in its own words about a scan judges nothing of it any more. */
    function guarded<T>(scan: Open, step: () => T): T | undefined {
      try {
        return step();
      } catch (error) {
        scan.blind ??= `The model failed: ${error instanceof Error ? error.message : error}`;
        return undefined;
      }
    }

    function miss(scan: Open, frame: FrameMessage, reason: string): void {
      const asked = model();
      if (asked === undefined) scan.blind ??= missing;
      else
        guarded(scan, () => {
          scan.known = asked.miss(scan.known, frame, reason);
        });
    }

    function add(scan: Open, { frame, result, missed }: Looked, out: Out): void {
      const asked = model();
      if (missed !== undefined || asked === undefined) {
        miss(scan, frame, missed ?? missing);
        return;
      }
      const added = guarded(scan, () => asked.add(scan.known, frame, result));
      if (added === undefined) return;
      scan.known = added.known;
      send(added.findings, frame, out);
    }

    function conclude(key: string, scan: Open, frame: FrameMessage, out: Out): void {
      const asked = model();
      if (asked === undefined) scan.blind ??= missing;
      const findings =
        scan.blind === undefined ? guarded(scan, () => asked?.conclude(scan.known, frame)) : undefined;
      const said = findings?.length ? findings : [abstained(scan.blind ?? missing)];
      // Who waits for all of a conclusion has to know when it has it.
      const attributes = { final: true, of: said.length };
      send(
        said.map((one) => ({ ...one, attributes: { ...one.attributes, ...attributes } })),
        frame,
        out,
      );
      state.set(key, { concluded: true });
      ctx.timers.set(key, ctx.clock.now() + rememberMs);
    }

    /** Takes what is there in order; at the last strip the scan is concluded. */
    function advance(key: string, scan: Open, out: Out): void {
      for (let strip = takeNext(scan.strips); strip !== undefined; strip = takeNext(scan.strips)) {
        add(scan, strip, out);
        if (strip.frame.scan === undefined || scanOf(strip.frame)?.last) {
          conclude(key, scan, strip.frame, out);
          return;
        }
      }
      const now = ctx.clock.now();
      if (scan.strips.held.length === 0) delete scan.waitsUntilMs;
      else scan.waitsUntilMs ??= now + config.patienceSeconds * 1000;
      ctx.timers.set(key, scan.waitsUntilMs ?? now + config.silenceSeconds * 1000);
      state.set(key, scan);
    }

    return work<{ result?: unknown; missed?: { code?: string; reason: string } }>(ctx, {
      async work(message, signal) {
        const frame = checkFrame(message);
        if (frame.width === 0) return { missed: { reason: noPicture } };
        const asked = model();
        if (asked === undefined) return { missed: { code: 'model.missing', reason: missing } };
        try {
          // A model may look at several strips at once, and then sees the hash of the last one alone.
          await ctx.resources.frames?.read(frame);
          return { result: await asked.run(frame, signal) };
        } catch (error) {
          return {
            missed: { code: codeOf(error), reason: error instanceof Error ? error.message : `${error}` },
          };
        }
      },
      conclude(message, { result, missed }, out) {
        const frame = message as FrameMessage;
        if (missed?.code !== undefined) ctx.fail(missed.code, missed.reason, frame);
        const key = keyOf(frame);
        const known = state.get(key);
        if (known && 'concluded' in known) throw refusal('frame.late', { scan: key });
        if (known === undefined) admit(state, key, config.maxScans);
        const scan = known ?? { strips: noStrips(), newest: frame };
        const strip: Looked = missed === undefined ? { frame, result } : { frame, missed: missed.reason };
        const entered = enter(scan.strips, strip);
        if (entered === 'again') throw repeated(frame);
        if (entered === 'other') {
          miss(scan, frame, 'Columns of the scan came again with other content.');
          ctx.fail('frame.repeated', repeated(frame).message, frame);
        }
        scan.newest = frame;
        advance(key, scan, out);
      },
      timer(key, _atMs, out) {
        const scan = state.get(key);
        if (scan === undefined || 'concluded' in scan) return state.delete(key);
        const gap = giveUp(scan.strips);
        if (gap !== undefined) {
          miss(scan, scan.newest, `Columns ${gap[0]} to ${gap[1] - 1} never came.`);
          delete scan.waitsUntilMs;
          return advance(key, scan, out);
        }
        miss(scan, scan.newest, `Nothing came for ${config.silenceSeconds} s, and no end of the scan.`);
        conclude(key, scan, scan.newest, out);
      },
    });
  },
});

/** A frame of no scan is judged by itself. */
const keyOf = (frame: FrameMessage): string =>
  frame.scan ?? `${frame.device ?? ''} ${frame.time ?? ''} ${frame.data.sha256}`;

const repeated = (frame: FrameMessage): Refusal =>
  refusal('frame.repeated', { scan: keyOf(frame), column: frame.line0 ?? 0 });

function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code;
  return error instanceof Fault ? error.problem.code : 'stage.threw';
}
