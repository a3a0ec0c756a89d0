import type { MessageOf } from '../message.ts';
import type { FrameMessage } from '../scan.ts';
import type { StopSignal } from '../stage.ts';
import type { BeltPlace, Declared } from './belt-place.ts';

export type SpectrumMessage = MessageOf<'spectrum'>;

/** What an ore model looks at: one spectrum, or one picture of the belt; `attributes.belt` says of which ore. */
export type Measurement = SpectrumMessage | FrameMessage;

/** What the slow part made of one measurement, and where on the belt the ore was. */
export interface Measured {
  readonly place: BeltPlace;
  readonly technique: SpectrumMessage['technique'] | 'image';
  readonly device: string | undefined;
  readonly result: unknown;
}

/** An increment that has closed, as a model concludes of it. */
export interface OreIncrement {
  readonly lot: string;
  /** Counts from 0 in its lot. */
  readonly increment: number;
  readonly massT: number;
  /** Windows of the increment: numbers that count from 0 in the lot; the first and one past the last. */
  readonly windows: { readonly from: number; readonly to: number };
  readonly windowT: number;
  readonly declared: Declared;
}

/** Who says something: a bundle, or a rule of the flow. */
export interface Assessor {
  readonly id: string;
  readonly version: string;
  readonly signed: boolean;
  readonly simulated: boolean;
}

/**
 * A quantity of the increment. `sigma` is the deviation of what differs from increment to increment; `bias` is that of what the whole lot
 * has in common (calibration, instrument, reference method); both are one standard deviation, in the unit of the value.
 */
export interface OreValue {
  /** Element or oxide as in trade (`Fe`, `SiO2`, `Al2O3`, `P`, `S`, `Mn`, `CaO`, …), `LOI` or `H2O`. */
  readonly name: string;
  readonly unit: '%';
  readonly value: number;
  readonly sigma: number;
  readonly bias: number;
  /** A laboratory's calibration that says so; absent: the stage's own model does. */
  readonly by?: Assessor;
}

export interface OreFinding {
  readonly label: string;
  /** Calibrated probability that it is so, 0..1. */
  readonly score: number;
  /** How seldom clean ore of the brand looks so, 0..1. */
  readonly p?: number;
  readonly window?: number;
  /** Where in the picture, px. */
  readonly region?: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  readonly evidence: Readonly<Record<string, unknown>>;
}

export interface OreAnswer {
  readonly values: readonly OreValue[];
  /**
   * p-value of each window that could be judged: how seldom clean ore of the declared brand looks so. A window that is not here was not
   * judged, and its mass does not count as covered.
   */
  readonly windows: readonly { readonly window: number; readonly p: number }[];
  readonly findings: readonly OreFinding[];
  /** Why it judges less than the whole increment: outside of what it was trained on, no such brand, no picture. */
  readonly reasons: readonly string[];
  /** Numbers for people, by name with their unit in it. */
  readonly facts?: Readonly<Record<string, number>>;
}

/**
 * A model of ore as a stage sees it. `run` is the slow part; what it resolves with is plain JSON and the same for the same measurement.
 * `conclude` is pure.
 */
export interface OreModel {
  readonly id: string;
  readonly version: string;
  readonly signed: boolean;
  /** Trained, or validated, on simulated ore alone. */
  readonly simulated: boolean;
  /** Techniques that it looks at: others are not given to it. */
  readonly techniques: readonly Measured['technique'][];
  /** Rejects with a Refusal for a measurement that it cannot use (another axis, pixels gone): it then counts as not there. */
  run(measurement: Measurement, declared: Declared, signal: StopSignal): Promise<unknown>;
  /**
   * `measured` is in order of the belt. `memory` is plain JSON that the model got back from its last increment of the same lot, undefined
   * at the first.
   */
  conclude(
    increment: OreIncrement,
    measured: readonly Measured[],
    memory: unknown,
  ): { readonly answer: OreAnswer; readonly memory?: unknown };
}

/** Ore models by bundle id: what runs is the newest verified version. */
export interface OreModels {
  /** Undefined when there is no such bundle. */
  ore(id: string): OreModel | undefined;
}
