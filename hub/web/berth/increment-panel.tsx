import type { BoardIncrement } from '#hub/api/types';
import { StateWord } from '../parts/state-word.tsx';
import { massPercent, outcomeLook, outcomeWord, percent, tonnes } from './words.ts';

/** One increment: what each stage says of it. */
export function IncrementPanel({ increment, onClose }: { increment: BoardIncrement; onClose: () => void }) {
  const { outcome, fromT, massKg, coverage, stages, values, reasons, to, hold } = increment;
  return (
    <section className="increment-panel" data-testid="increment-panel">
      <h2>
        Increment {increment.increment} <StateWord look={outcomeLook[outcome]} word={outcomeWord[outcome]} />
        <button type="button" className="button quiet" onClick={onClose}>
          Close
        </button>
      </h2>
      <p className="muted">
        {tonnes(fromT)} to {tonnes(fromT + massKg / 1000)} t{hold ? `, hold ${hold}` : ''}, {to.slice(11, 19)}{' '}
        UTC, {percent(coverage)} judged
      </p>
      {reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      <table className="stages">
        <thead>
          <tr>
            <th>stage</th>
            <th>judged</th>
            <th title="How seldom clean ore of the brand looks so: of its least likely window">p</th>
            <th>found</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(stages).map(([name, { covered, p, findings, facts }]) => (
            <tr key={name}>
              <th>{name}</th>
              <td className={covered < 0.95 && name !== 'impurity' ? 'warn' : undefined}>
                {percent(covered)}
              </td>
              <td>{p === null || p === 1 ? '–' : p.toPrecision(2)}</td>
              <td>
                {findings
                  .slice(0, 3)
                  .map(({ label, score, sentence }) => sentence ?? `${label} ${score.toFixed(2)}`)
                  .join(' ')}
                {Object.entries(facts ?? {})
                  .map(([fact, value]) => `${fact} ${value.toPrecision(3)}`)
                  .join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="values">
        {Object.entries(values).map(([name, { value, sigma, bias, by }]) => (
          <span key={name} title={by && `by ${by}`}>
            {name} {massPercent(value)} <small>± {massPercent(1.96 * Math.hypot(sigma, bias))}</small>
            {by && <small className="muted"> {by}</small>}
          </span>
        ))}
      </p>
    </section>
  );
}
