import type { Board } from '#hub/api/types';
import { StateWord } from '../parts/state-word.tsx';

/** Instruments that are not well, radiation alarms, and ore of no lot; a line that says so while all is well. */
export function Instruments({ board, chartsAt }: { board: Board; chartsAt: string }) {
  const { instruments, radiation, unassigned } = board;
  const quiet = instruments.length === 0 && radiation.length === 0 && unassigned === undefined;
  return (
    <section className="instruments" data-testid="instruments">
      <h2>
        Instruments{' '}
        <StateWord
          look={instruments.length === 0 ? 'good' : 'warn'}
          word={instruments.length === 0 ? 'in control' : `${instruments.length} not well`}
        />
        <a href={chartsAt} className="control-link" data-testid="control-link">
          control charts
        </a>
      </h2>
      {instruments.map(({ device, check, state, since, value }) => (
        <p key={`${device} ${check}`} className={state === 'out' ? 'warn' : undefined}>
          <b>{device}</b> {check} {state === 'out' ? 'is out: what it says does not count' : 'drifts'}, since{' '}
          {since.slice(0, 10)} {since.slice(11, 16)}
          {value === null ? '' : ` (${value.toPrecision(4)})`}
        </p>
      ))}
      {radiation.slice(0, 4).map(({ time, device, lot, reason }) => (
        <p key={`${time} ${device}`}>
          <b>{device}</b> {time.slice(11, 19)} {lot ? `in ${lot}` : ''}: {reason}
        </p>
      ))}
      {unassigned && (
        <p className="warn">
          {unassigned.massT.toFixed(0)} t went by that belong to no lot, {unassigned.time.slice(11, 19)}.
        </p>
      )}
      {quiet && <p className="muted">Lamps, gains, energies and windows are as they should be.</p>}
    </section>
  );
}
