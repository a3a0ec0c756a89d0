import type { BoardLot } from '#hub/api/types';
import { StateWord } from '../parts/state-word.tsx';
import { coverageOf, massOf, massPercent, percent, stateOf, tonnes } from './words.ts';

interface LotNumbers {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly random: number;
  readonly bias: number;
  /** Increments by a laboratory's calibration: its bundle and version. */
  readonly by?: Readonly<Record<string, number>>;
}
interface PolicyView {
  readonly id?: string;
  readonly version?: string;
  readonly documents?: readonly {
    readonly id: string;
    readonly title: string;
    readonly kind: string;
    readonly confidence: string;
  }[];
}

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** Why the lot is as it is: alarms and reasons, in the words of whoever found them. */
export function Why({ lot }: { lot: BoardLot }) {
  const { verdict, alarms, increments, samples } = lot;
  const missing = [
    ...new Set(increments.slice(-5).flatMap(({ outcome, reasons }) => (outcome === 'none' ? reasons : []))),
  ];
  const notes = texts(verdict?.notes);
  const reasons = verdict ? texts(verdict.reasons) : alarms.map(({ reason }) => reason);
  return (
    <div className="why" data-testid="why">
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {!verdict &&
        missing.map((reason) => (
          <p key={reason} className="warn">
            {reason}
          </p>
        ))}
      {reasons.length + missing.length === 0 && <p className="muted">Nothing speaks against it.</p>}
      {notes.map((note) => (
        <p key={note} className="muted">
          Note: {note}
        </p>
      ))}
      {samples.length > 0 && (
        <p className="muted">
          Sample asked for: increment {samples.map(({ increment }) => increment).join(', ')}.
        </p>
      )}
    </div>
  );
}

/** Composition of the whole lot with its interval, when it has ended. */
export function Composition({ lot }: { lot: BoardLot }) {
  const values = (lot.verdict?.values ?? {}) as Record<string, LotNumbers>;
  const names = Object.keys(values);
  if (names.length === 0) return null;
  return (
    <table className="composition" data-testid="composition">
      <thead>
        <tr>
          <th>mass %</th>
          <th>lot</th>
          <th>95 % interval</th>
          <th title="One standard deviation of what averages out">random</th>
          <th title="One standard deviation of what the whole lot has in common: calibration, reference">
            bias
          </th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const one = values[name] as LotNumbers;
          return (
            <tr key={name}>
              <th>
                {name}
                {one.by && <small className="muted">by {Object.keys(one.by).join(', ')}</small>}
              </th>
              <td>{massPercent(one.value)}</td>
              <td>
                {massPercent(one.lower)} to {massPercent(one.upper)}
              </td>
              <td>{one.random.toFixed(3)}</td>
              <td>{one.bias.toFixed(3)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** State of a lot, why, and how much of it was judged. */
export function LotPanel({ lot }: { lot: BoardLot }) {
  const { look, word } = stateOf(lot);
  const coverage = coverageOf(lot);
  return (
    <section className="lot-panel" data-testid="lot-panel">
      <h2>
        Lot {lot.lot} <StateWord look={look} word={word} />
      </h2>
      <Why lot={lot} />
      <div className="coverage" title="Mass that every stage has judged">
        <span>
          {tonnes(massOf(lot))} t{lot.declared.massT ? ` of ${tonnes(lot.declared.massT)}` : ''}, judged
        </span>
        <meter min={0} max={1} value={coverage} />
        <b className={coverage < 0.95 ? 'warn' : undefined}>{percent(coverage)}</b>
      </div>
    </section>
  );
}

/** What was declared and drawn, the policy, and the composition when the lot has ended. */
export function LotFacts({ lot }: { lot: BoardLot }) {
  const { declared, draw } = lot;
  const policy = (lot.verdict?.policy ?? lot.policy) as PolicyView | undefined;
  return (
    <section className="lot-facts" data-testid="lot-facts">
      <h2>Record of {lot.lot}</h2>
      <dl className="fields">
        <div>
          <dt>Declared</dt>
          <dd>
            {declared.brand}, {declared.mine}, {declared.port}, by {declared.shipper}
          </dd>
        </div>
        {draw && (
          <div>
            <dt>Ladder</dt>
            <dd>
              rung {Number(draw.rung)}, {draw.inspect ? 'to be inspected' : 'not to be inspected'}:{' '}
              {String(draw.reason)}
            </dd>
          </div>
        )}
        {policy && (
          <div>
            <dt>Policy</dt>
            <dd>
              {policy.id} {policy.version}
              <ul className="documents">
                {policy.documents?.map(({ id, title, kind, confidence }) => (
                  <li key={id}>
                    {title}{' '}
                    <span className="muted">
                      ({kind}, {confidence})
                    </span>
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
      <Composition lot={lot} />
    </section>
  );
}
