import type { IncrementView } from './assess-increment.ts';
import type { Declared } from './belt-place.ts';
import type { Alarm } from './lot-record.ts';

/**
 * What the screen of a berth shows, as a fold over the events of its flow: the same at the box and at the hub. It holds the newest lots
 * whole and older ones by their verdicts.
 */
export interface BoardIncrement {
  readonly increment: number;
  readonly massKg: number;
  readonly fromT: number;
  readonly to: string;
  readonly hold?: string;
  readonly outcome: 'clear' | 'suspect' | 'none';
  readonly coverage: number;
  readonly reasons: readonly string[];
  readonly values: IncrementView['values'];
  readonly stages: Readonly<Record<string, BoardStage>>;
}

export interface BoardStage {
  readonly covered: number;
  readonly p: number | null;
  readonly findings: readonly {
    readonly label: string;
    readonly score: number;
    readonly sentence?: string;
  }[];
  readonly facts?: Readonly<Record<string, number>>;
}

export interface BoardLot {
  readonly lot: string;
  readonly declared: Declared;
  /** When it was announced, or first heard of. */
  readonly announced: string;
  /** What was drawn before it began, and the policy that it goes by, as their events have them. */
  readonly draw?: Readonly<Record<string, unknown>>;
  readonly policy?: Readonly<Record<string, unknown>>;
  increments: BoardIncrement[];
  alarms: (Pick<Alarm, 'stage' | 'label' | 'action' | 'fromT' | 'toT' | 'reason'> & {
    readonly time: string;
  })[];
  /** Increments of which a sample was asked for. */
  samples: { readonly increment: number; readonly time: string; readonly reason: string }[];
  /** `data` of its verdict, when there is one. */
  verdict?: Readonly<Record<string, unknown>>;
  verdictTime?: string;
}

export interface BoardInstrument {
  readonly device: string;
  readonly check: string;
  readonly state: 'drift' | 'out';
  readonly since: string;
  readonly value: number | null;
}

export interface Board {
  /** Newest first. */
  lots: BoardLot[];
  /** Checks of instruments that are not well. */
  instruments: BoardInstrument[];
  /** Newest first. */
  radiation: {
    readonly time: string;
    readonly device: string;
    readonly lot?: string;
    readonly reason: string;
  }[];
  unassigned?: { readonly time: string; readonly massT: number };
}

export interface BoardEvent {
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const emptyBoard = (): Board => ({ lots: [], instruments: [], radiation: [] });

/** Types that a board is made from. */
export const boardTypes = [
  'quaywatch.belt.unassigned',
  'quaywatch.increment.assessed',
  'quaywatch.instrument.drift',
  'quaywatch.instrument.out',
  'quaywatch.instrument.recalibrated',
  'quaywatch.instrument.restored',
  'quaywatch.lot.alarm',
  'quaywatch.lot.announced',
  'quaywatch.lot.verdict',
  'quaywatch.radiation.alarm',
  'quaywatch.sampler.requested',
] as const;

const maxLots = 30;
/** Lots with all their increments; of older ones the verdict is kept. */
const wholeLots = 3;
const maxRadiation = 20;

/** A lot has thousands of increments: each number with the digits that a screen shows. */
const slim = (value: number): number => Number(value.toPrecision(5));

const slimValues = (values: BoardIncrement['values']): BoardIncrement['values'] =>
  Object.fromEntries(
    Object.entries(values).map(([name, { value, sigma, bias, by }]) => [
      name,
      { value: slim(value), sigma: slim(sigma), bias: slim(bias), ...(by && { by }) },
    ]),
  );

const slimStages = (stages: BoardIncrement['stages']): BoardIncrement['stages'] =>
  Object.fromEntries(
    Object.entries(stages).map(([name, { covered, p, findings, facts }]) => [
      name,
      {
        covered: slim(covered),
        p: p === null ? null : slim(p),
        findings: findings.slice(0, 5),
        ...(facts === undefined
          ? {}
          : { facts: Object.fromEntries(Object.entries(facts).map(([fact, value]) => [fact, slim(value)])) }),
      },
    ]),
  );

function lotOf(board: Board, id: string, { time, data }: BoardEvent): BoardLot {
  const known = board.lots.find(({ lot }) => lot === id);
  if (known) return known;
  const declared = (data.declared as Declared | undefined) ?? {
    lot: id,
    shipper: '?',
    brand: String(data.brand ?? '?'),
    mine: '?',
    port: '?',
  };
  const made: BoardLot = {
    lot: id,
    declared,
    announced: time,
    ...(data.draw ? { draw: data.draw as Record<string, unknown> } : {}),
    ...(data.policy ? { policy: data.policy as Record<string, unknown> } : {}),
    increments: [],
    alarms: [],
    samples: [],
  };
  board.lots.unshift(made);
  board.lots.splice(maxLots);
  for (const old of board.lots.slice(wholeLots)) old.increments = [];
  return made;
}

function instrument(board: Board, { type, time, data }: BoardEvent): void {
  const { device, check, value } = data as { device: string; check?: string; value: number | null };
  if (type.endsWith('recalibrated')) {
    // Its charts begin anew; what is out stays so until its values are right.
    const begunAnew = (one: BoardInstrument) =>
      one.device === device && (check === undefined || one.check === check) && one.state === 'drift';
    board.instruments = board.instruments.filter((one) => !begunAnew(one));
    return;
  }
  if (check === undefined) return;
  const state = type.endsWith('out') ? 'out' : 'drift';
  const known = board.instruments.find((one) => one.device === device && one.check === check);
  board.instruments = board.instruments.filter((one) => one !== known);
  if (type.endsWith('restored')) return;
  const since = known?.state === state ? known.since : time;
  board.instruments.push({ device, check, state: known?.state === 'out' ? 'out' : state, since, value });
}

/** Takes one event; events of a lot come in their order. The board is changed in place. */
export function foldBoard(board: Board, event: BoardEvent): void {
  const { type, time, subject = '', data } = event;
  switch (type) {
    case 'quaywatch.lot.announced':
      lotOf(board, subject, event);
      return;
    case 'quaywatch.increment.assessed': {
      const lot = lotOf(board, subject, event);
      const next = data as unknown as BoardIncrement;
      if (next.increment <= (lot.increments.at(-1)?.increment ?? -1)) return;
      const { increment, massKg, fromT, to, hold, outcome, coverage, reasons } = next;
      const [values, stages] = [slimValues(next.values), slimStages(next.stages)];
      const row = { increment, massKg, fromT, to, outcome, coverage, reasons, values, stages };
      lot.increments.push(hold === undefined ? row : { ...row, hold });
      return;
    }
    case 'quaywatch.lot.alarm': {
      const { stage, label, action, fromT, toT, reason } = data as unknown as Alarm;
      lotOf(board, subject, event).alarms.push({ time, stage, label, action, fromT, toT, reason });
      return;
    }
    case 'quaywatch.sampler.requested':
      lotOf(board, subject, event).samples.push({
        increment: Number(data.increment),
        time,
        reason: String(data.reason),
      });
      return;
    case 'quaywatch.lot.verdict':
      Object.assign(lotOf(board, subject, event), { verdict: data, verdictTime: time });
      return;
    case 'quaywatch.radiation.alarm':
      board.radiation.unshift({
        time,
        device: String(data.device),
        ...(typeof data.lot === 'string' ? { lot: data.lot } : {}),
        reason: String(data.reason),
      });
      board.radiation.splice(maxRadiation);
      return;
    case 'quaywatch.belt.unassigned':
      board.unassigned = { time, massT: Number(data.massT) };
      return;
    default:
      if (type.startsWith('quaywatch.instrument.')) instrument(board, event);
  }
}
