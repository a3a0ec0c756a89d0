import type { BoardLot } from '#hub/api/types';
import { StateWord } from '../parts/state-word.tsx';
import { coverageOf, percent, stateOf, tonnes } from './words.ts';

/** Lots, newest first, with what was concluded of each and the report of their ship. */
export function LotsTable({
  lots,
  open,
  onOpen,
  reportOf,
}: {
  lots: readonly BoardLot[];
  open: string | undefined;
  onOpen: (lot: string) => void;
  reportOf: (ship: string) => string;
}) {
  return (
    <table className="lots-table" data-testid="lots-table">
      <thead>
        <tr>
          <th>lot</th>
          <th>ship</th>
          <th>brand</th>
          <th className="number">t</th>
          <th className="number">judged</th>
          <th>state</th>
          <th>report</th>
        </tr>
      </thead>
      <tbody>
        {lots.map((lot) => {
          const { look, word } = stateOf(lot);
          const ship = lot.declared.ship ?? lot.lot;
          const mass = Number(
            lot.verdict?.massT ?? lot.increments.reduce((sum, { massKg }) => sum + massKg / 1000, 0),
          );
          return (
            <tr key={lot.lot} aria-selected={lot.lot === open}>
              <td>
                <button type="button" className="link" onClick={() => onOpen(lot.lot)}>
                  {lot.lot}
                </button>
              </td>
              <td>{lot.declared.ship ?? '–'}</td>
              <td>{lot.declared.brand}</td>
              <td className="number">{tonnes(mass)}</td>
              <td className="number">{percent(coverageOf(lot))}</td>
              <td>
                <StateWord look={look} word={word} />
              </td>
              <td>
                <a href={reportOf(ship)} target="_blank" rel="noreferrer">
                  open
                </a>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
