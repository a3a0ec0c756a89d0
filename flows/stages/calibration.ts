import type { Problem } from '../fault.ts';
import type { FindingMessage } from '../inference.ts';
import type { Reading } from '../message.ts';
import { answerOf, assessedOf } from '../ore/assessment.ts';
import type { Declared } from '../ore/belt-place.ts';
import type { OreValue } from '../ore/model.ts';
import { addMissed, addPrediction, OwnSums, ownValue } from '../ore/own-values.ts';
import { type Out, process, Refusal } from '../process.ts';
import type { SpectralCalibration, SpectralPrediction, SpectrumMessage } from '../spectral-calibration.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { CalibrationConfig, type CalibrationUse, checkCalibrations } from './calibration-config.ts';
import { faults } from './faults.ts';
import { admit } from './keys.ts';
import { oreOf } from './ore-stage.ts';

/** How long an increment that nobody concludes is remembered, ms. */
const forgetMs = 86_400_000;

const prefixOf = (lot: string) => `own ${lot} `;
const keyOf = (lot: string, increment: number) => prefixOf(lot) + String(increment).padStart(7, '0');

const beyond: Readonly<Record<SpectralPrediction['outside'][number], string>> = {
  q: 'Q is above its limit: there is something in the spectrum that the calibration has not seen.',
  range: 'The value is beyond the reference values of the calibration.',
  t2: 'T2 is above its limit: the spectrum is further out than those of the calibration.',
};

const fits = (list: readonly string[] | undefined, name: string | undefined): boolean =>
  list === undefined || (name !== undefined && list.includes(name));

function appliesTo({ devices, brands, mines }: CalibrationUse, spectrum: SpectrumMessage): boolean {
  const declared = spectrum.attributes.declared as Declared | undefined;
  return fits(devices, spectrum.device) && fits(brands, declared?.brand) && fits(mines, declared?.mine);
}

interface Predicted {
  readonly by: SpectralCalibration;
  readonly prediction: SpectralPrediction;
}
type Unpredicted = Pick<Problem, 'code' | 'message'>;

/** A prediction as a reading: `suspect`, with the reason, where the spectrum is outside of the calibration. */
function readingOf(
  spectrum: SpectrumMessage,
  by: SpectralCalibration,
  unit: string,
  { value, lower, upper, t2, q, outside }: SpectralPrediction,
): Reading {
  const { id, version, signed, target, confidence, t2Limit, qLimit } = by;
  const { device, time, received, quality, attributes } = spectrum;
  const reasons = outside.map((limit) => beyond[limit]);
  return {
    kind: 'reading',
    ...(device === undefined ? {} : { device }),
    ...(time === undefined ? {} : { time }),
    ...(received === undefined ? {} : { received }),
    quality: quality === 'good' && outside.length > 0 ? 'suspect' : quality,
    attributes: {
      ...attributes,
      calibration: { id, version, signed },
      ...{ lower, upper, confidence, t2, t2Limit, q, qLimit, outside },
      ...(reasons.length > 0 ? { reason: reasons.join(' ') } : {}),
    },
    name: target,
    value,
    unit,
  };
}

/**
 * Every spectrum that a calibration is for gives a reading out of `out`. Behind the `brand` stage of a berth, whose conclusions come in
 * here and leave by `findings`, the values of increments are those of the calibrations: where one abstains, the built-in value stays and the
 * conclusion says why.
 */
export const calibration = defineStage({
  type: 'calibration',
  summary:
    "Predicts by a laboratory's own calibrations: readings of spectra, and values of a berth's increments.",
  accepts: ['finding', 'spectrum'],
  emits: ['finding', 'reading'],
  outputs: () => ['findings'],
  config: CalibrationConfig,
  state: OwnSums,
  check: checkCalibrations,
  bundles: ({ calibrations }) =>
    calibrations.map(({ bundle }, i) => ({
      path: `calibrations[${i}].bundle`,
      id: bundle,
      format: 'calibration',
    })),
  build({ calibrations, maxIncrements }, ctx) {
    const state = ctx.state as KeyedState<OwnSums>;
    const missing = (bundle: string) => faults.problem('model.missing', { model: bundle });

    /** What a calibration says of a spectrum; a problem where it cannot, undefined where it is not for it. */
    function predicted(use: CalibrationUse, spectrum: SpectrumMessage): Predicted | Unpredicted | undefined {
      const by = ctx.resources.calibrations?.calibration(use.bundle);
      if (by === undefined) return missing(use.bundle);
      // Of an instrument that is not named, other techniques are other stages' business.
      if (use.devices === undefined && by.technique !== spectrum.technique) return undefined;
      try {
        return { by, prediction: by.predict(spectrum) };
      } catch (error) {
        if (error instanceof Refusal) return { code: error.code, message: error.message };
        throw error;
      }
    }

    /** Reading or problem out of each calibration that the spectrum is for; into `sums`, for the window of its ore. */
    function look(message: SpectrumMessage, sums: OwnSums, window: number, out: Out): void {
      for (const use of calibrations) {
        const found = appliesTo(use, message) ? predicted(use, message) : undefined;
        if (found === undefined) continue;
        if ('code' in found) {
          ctx.fail(found.code, found.message, message);
          addMissed(sums, use.bundle, found.message);
          continue;
        }
        const { by, prediction } = found;
        out(readingOf(message, by, use.unit ?? by.unit, prediction));
        const [limit] = prediction.outside;
        if (limit === undefined) addPrediction(sums, by, window, prediction);
        else addMissed(sums, use.bundle, beyond[limit]);
      }
    }

    function spectrum(message: SpectrumMessage, out: Out): void {
      if (message.attributes.empty === true) return;
      const place = oreOf(message);
      // Of an instrument that is out, and away from a belt: readings, and nothing to remember.
      if (place === undefined) {
        look(message, {}, 0, out);
        return;
      }
      const key = keyOf(place.lot, place.increment);
      admit(state, key, maxIncrements);
      const sums = state.get(key) ?? {};
      look(message, sums, place.window, out);
      if (Object.keys(sums).length === 0) return;
      state.set(key, sums);
      ctx.timers.set(key, ctx.clock.now() + forgetMs);
    }

    /** The brand stage's conclusion of an increment, with the values of the calibrations that are for its lot. */
    function concluded(finding: FindingMessage): FindingMessage {
      const answer = answerOf(finding);
      const { closed } = answer;
      const { lot, increment, declared } = closed;
      const sums = state.get(keyOf(lot, increment)) ?? {};
      const [own, reasons] = [new Map<string, OreValue>(), [...answer.reasons]];
      for (const { bundle, brands, mines, unit, use } of calibrations) {
        if (!fits(brands, declared.brand) || !fits(mines, declared.mine)) continue;
        const value = ownValue(sums, bundle, unit, closed);
        if (typeof value === 'string') {
          reasons.push(value);
          continue;
        }
        const name = use === 'beside' ? `${value.name} (${bundle})` : value.name;
        if (!own.has(name)) own.set(name, { ...value, name });
      }
      if (own.size === 0 && reasons.length === answer.reasons.length) return finding;
      const values = [
        ...answer.values.map((value) => own.get(value.name) ?? value),
        ...[...own.values()].filter(({ name }) => !answer.values.some((value) => value.name === name)),
      ];
      return { ...finding, evidence: { ...answer, values, reasons } };
    }

    /** What is left of this increment and of earlier ones, whose conclusion a full queue has dropped. */
    function forget(lot: string, increment: number): void {
      for (const key of [...state.keys()]) {
        if (!key.startsWith(prefixOf(lot)) || key > keyOf(lot, increment)) continue;
        state.delete(key);
        ctx.timers.clear(key);
      }
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind === 'spectrum') return spectrum(message, out);
        const finding = message as FindingMessage;
        const assessed = assessedOf(finding);
        if (assessed?.stage !== 'brand') return ctx.send('findings', finding);
        ctx.send('findings', calibrations.length === 0 ? finding : concluded(finding));
        forget(assessed.lot, assessed.increment);
      },
      timer: (key) => state.delete(key),
    });
  },
});
