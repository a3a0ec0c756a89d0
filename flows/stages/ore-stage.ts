import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { Fault } from '../fault.ts';
import type { Message } from '../message.ts';
import { assessment, type OreStageName } from '../ore/assessment.ts';
import { type BeltPlace, type Declared, IncrementClosed } from '../ore/belt-place.ts';
import type { Measured, Measurement, OreAnswer, OreIncrement } from '../ore/model.ts';
import { type Out, Refusal } from '../process.ts';
import { defineStage, type KeyedState, type Stage } from '../stage.ts';
import { work } from '../work.ts';
import { faults, refusal } from './faults.ts';
import { admit } from './keys.ts';
import { oreConfig } from './ore-config.ts';

const Lot = Type.Object({
  next: Type.Integer({ description: 'First increment that was not concluded.' }),
  memory: Type.Optional(Type.Unknown({ description: 'What the model keeps of the lot.' })),
});
type Lot = Static<typeof Lot>;
const Kept = Type.Object({ measured: Type.Unknown({ description: 'What a model made of a measurement.' }) });

const lotKey = (lot: string) => `lot ${lot}`;
const orePrefix = (lot: string) => `ore ${lot} `;
const prefixOf = (lot: string, increment: number) =>
  `${orePrefix(lot)}${String(increment).padStart(7, '0')} `;

/** In order of the belt, then by what does not depend on the order of arrival. */
function keyOf(message: Measurement, { lot, increment, positionM }: BeltPlace): string {
  const sort = (positionM + 1e6).toFixed(6).padStart(16, '0');
  return `${prefixOf(lot, increment)}${sort} ${techniqueOf(message)} ${message.device ?? ''} ${message.time ?? ''}`;
}

export const techniqueOf = (message: Measurement): Measured['technique'] =>
  message.kind === 'frame' ? 'image' : message.technique;

/** The increment that a message says has closed; undefined for any other message. */
export function closedBy(message: Message): IncrementClosed | undefined {
  if (message.kind !== 'event' || message.type !== 'quaywatch.increment.closed') return undefined;
  if (Value.Check(IncrementClosed, message.data)) return message.data;
  throw refusal('message.invalid', { kind: 'increment', detail: 'its data are not those of one' });
}

/** Ore that a measurement is of, if it counts: not of an empty belt, not by an instrument that is out. */
export function oreOf(message: Message): BeltPlace | undefined {
  const { belt, empty } = message.attributes as { belt?: BeltPlace; empty?: boolean };
  return message.quality === 'good' && empty !== true ? belt : undefined;
}

const nothing = (reason: string): OreAnswer => ({ values: [], windows: [], findings: [], reasons: [reason] });
const unknown = { version: 'none', signed: false, simulated: true };

/** How long a lot without a word is remembered, ms. */
const forgetMs = 7 * 86_400_000;

/**
 * A stage that asks a model of ore: of each measurement at once, of the increment when it has closed. What could not be looked at is
 * not there for the model, and its mass does not count as covered.
 */
export function oreStage(
  name: OreStageName,
  summary: string,
  model: string,
): Stage<ReturnType<typeof oreConfig>> {
  return defineStage({
    type: name,
    summary,
    accepts: 'any',
    emits: ['finding'],
    config: oreConfig(model),
    state: Type.Union([Lot, Kept]),
    asynchronous: true,
    concurrency: ({ concurrency }) => concurrency,
    build(config, ctx) {
      const lots = ctx.state as KeyedState<Lot>;
      const kept = ctx.state as KeyedState<{ measured: Measured }>;
      const missing = faults.problem('model.missing', { model: config.model }).message;
      const asked = () => ctx.resources.ore?.ore(config.model);

      function concludeBy(closed: IncrementClosed, measured: readonly Measured[], memory: unknown) {
        const using = asked();
        if (using === undefined)
          return { by: { id: config.model, ...unknown }, answer: nothing(missing), memory };
        const { lot, increment, massKg, windows, windowT, declared } = closed;
        const asks: OreIncrement = { lot, increment, massT: massKg / 1000, windows, windowT, declared };
        const { id, version, signed, simulated } = using;
        const by = { id, version, signed, simulated };
        try {
          return { by, ...using.conclude(asks, measured, memory) };
        } catch (error) {
          const detail = error instanceof Error ? error.message : String(error);
          return { by, answer: nothing(`The model failed: ${detail}`), memory };
        }
      }

      function conclude(closed: IncrementClosed, out: Out): void {
        const { lot, increment } = closed;
        const known = lots.get(lotKey(lot));
        if (known !== undefined && increment < known.next) return;
        const [ofLot, prefix, end] = [orePrefix(lot), prefixOf(lot, increment), prefixOf(lot, increment + 1)];
        // What is left of earlier increments, whose end a full queue has dropped, goes too.
        const keys = [...ctx.state.keys()].filter((key) => key.startsWith(ofLot) && key < end).sort();
        const measured = keys.flatMap((key) =>
          key.startsWith(prefix) ? (kept.get(key)?.measured ?? []) : [],
        );
        for (const key of keys) ctx.state.delete(key);
        const { by, answer, memory } = concludeBy(closed, measured, known?.memory);
        for (const { label, score, region, evidence, window, p } of answer.findings)
          out({
            kind: 'finding',
            time: closed.to,
            quality: 'good',
            attributes: {
              lot,
              increment,
              stage: name,
              signed: by.signed,
              ...(window === undefined ? {} : { window }),
            },
            model: by.id,
            modelVersion: by.version,
            label,
            score,
            ...(region === undefined ? {} : { region }),
            subject: lot,
            evidence: { ...evidence, ...(p === undefined ? {} : { p }) },
          });
        out(assessment(name, by, closed, answer, answer.windows.length === 0 && answer.reasons.length > 0));
        lots.set(lotKey(lot), { next: increment + 1, ...(memory === undefined ? {} : { memory }) });
        ctx.timers.set(lotKey(lot), ctx.clock.now() + forgetMs);
      }

      return work<unknown>(ctx, {
        async work(message, signal) {
          if (message.kind !== 'spectrum' && message.kind !== 'frame') return undefined;
          if (oreOf(message) === undefined) return undefined;
          const using = asked();
          if (!using?.techniques.includes(techniqueOf(message))) return undefined;
          try {
            return { result: await using.run(message, message.attributes.declared as Declared, signal) };
          } catch (error) {
            const code =
              error instanceof Refusal
                ? error.code
                : error instanceof Fault
                  ? error.problem.code
                  : 'stage.threw';
            return { code, detail: error instanceof Error ? error.message : String(error) };
          }
        },
        conclude(message, looked, out) {
          const closed = closedBy(message);
          if (closed) return conclude(closed, out);
          const { result, code, detail } = (looked ?? {}) as {
            result?: unknown;
            code?: string;
            detail?: string;
          };
          if (code !== undefined) return ctx.fail(code, detail ?? '', message);
          if (result === undefined || (message.kind !== 'spectrum' && message.kind !== 'frame')) return;
          const place = oreOf(message) as BeltPlace;
          const { lot, increment } = place;
          if (increment < (lots.get(lotKey(lot))?.next ?? 0))
            throw refusal('increment.late', { lot, increment });
          const key = keyOf(message, place);
          admit(ctx.state, key, config.maxMeasurements);
          const measured: Measured = {
            place,
            technique: techniqueOf(message),
            device: message.device,
            result,
          };
          kept.set(key, { measured });
        },
        timer: (key) => ctx.state.delete(key),
      });
    },
  });
}
