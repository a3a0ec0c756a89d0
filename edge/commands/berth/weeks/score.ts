import type { Event } from '#flows/event';
import type { WeekLine } from './belt.ts';
import { inWords, rightOutcome, type WeekLot } from './plan.ts';

export interface LotRow {
  readonly lot: string;
  readonly planted: string;
  /** What alarmed first from the incident on; absent: nothing did. */
  readonly foundBy?: string;
  /** Tonnes over the scale from the incident's beginning to that. */
  readonly afterT?: number;
  readonly outcome?: string;
  readonly disposition?: string;
  readonly coverage?: number;
  readonly right: boolean;
  /** Alarms that nothing planted explains. */
  readonly falseAlarms: readonly string[];
}

interface Told {
  readonly what: string;
  readonly tonnes: number;
}

/** Instruments and checks that a lamp's ageing shows in. */
const ofLamp = (check: string): boolean => check.startsWith('white.');

/** Keeps what was told of each lot, and what no lot explains. */
export class WeekScore {
  readonly #lots: ReadonlyMap<string, WeekLot>;
  readonly #told = new Map<string, Told[]>();
  readonly #verdicts = new Map<string, Readonly<Record<string, unknown>>>();
  /** Drifts of the lamp, epoch ms. */
  readonly drifts: number[] = [];
  /** Alarms outside of lots, and of instruments that nothing was done to. */
  readonly stray: string[] = [];
  events = 0;
  /** Characters of the events, by priority. */
  readonly chars: Record<string, number> = {};

  constructor(lots: readonly WeekLot[]) {
    this.#lots = new Map(lots.map((lot) => [lot.id, lot]));
  }

  take(event: Event, at: WeekLine): void {
    const { type, data, subject = '' } = event;
    this.events++;
    this.chars[event.priority] = (this.chars[event.priority] ?? 0) + JSON.stringify(event).length;
    if (type === 'quaywatch.lot.alarm')
      this.#tell(subject, at, `${String(data.stage)}${data.label ? ` (${String(data.label)})` : ''}`);
    else if (type === 'quaywatch.radiation.alarm')
      this.#tell(
        String(data.lot ?? at.lot?.id ?? ''),
        at,
        `radiation (${String(data.nuclide ?? data.cause ?? '')})`,
      );
    else if (type === 'quaywatch.instrument.out')
      this.#tell(at.lot?.id ?? '', at, `${String(data.device)} out by ${String(data.check)}`);
    else if (type === 'quaywatch.instrument.drift') this.#drift(data, at);
    else if (type === 'quaywatch.belt.unassigned') this.stray.push(`${String(data.massT)} t of no lot`);
    else if (type === 'quaywatch.lot.verdict') this.#verdicts.set(subject, data);
  }

  #tell(lot: string, at: WeekLine, what: string): void {
    if (!this.#lots.has(lot)) {
      this.stray.push(`${new Date(at.ms).toISOString()} ${what}`);
      return;
    }
    const tonnes = at.lot?.id === lot ? at.tonnes : Number.POSITIVE_INFINITY;
    this.#told.set(lot, [...(this.#told.get(lot) ?? []), { what, tonnes }]);
  }

  #drift(data: Event['data'], at: WeekLine): void {
    if (ofLamp(String(data.check))) this.drifts.push(at.ms);
    else
      this.stray.push(
        `${new Date(at.ms).toISOString()} ${String(data.device)} drifts by ${String(data.check)}`,
      );
  }

  /** A row for each lot that has a verdict, or should have one by now, in their order. */
  rows(lotT: number, all: boolean): LotRow[] {
    const lots = [...this.#lots.values()];
    return lots.filter(({ id }) => all || this.#verdicts.has(id)).map((lot) => this.#row(lot, lotT));
  }

  #row(lot: WeekLot, lotT: number): LotRow {
    const { what, fromT } = lot.incident;
    const told = this.#told.get(lot.id) ?? [];
    const alarming = rightOutcome(lot) !== 'clear';
    const found = alarming ? told.find(({ tonnes }) => tonnes >= fromT) : undefined;
    const explained = (one: Told) =>
      alarming && one.tonnes >= fromT && (what !== 'blocked' || one.what.startsWith('nir-1'));
    const verdict = this.#verdicts.get(lot.id);
    const { outcome, disposition, coverage } = verdict ?? {};
    const released = disposition === 'release';
    const right = outcome === rightOutcome(lot) && !(alarming && released);
    return {
      lot: lot.id,
      planted: inWords(lot),
      ...(found ? { foundBy: found.what, afterT: Math.min(found.tonnes, lotT) - fromT } : {}),
      ...(verdict
        ? { outcome: String(outcome), disposition: String(disposition), coverage: Number(coverage) }
        : {}),
      right,
      falseAlarms: told.filter((one) => !explained(one)).map(({ what: said }) => said),
    };
  }
}
