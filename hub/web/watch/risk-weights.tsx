import { shortType } from '../format/sentence.ts';
import { Icon } from '../parts/icon.tsx';
import { reasonOf, reasons } from '../tracks/risk-words.ts';
import type { RulesProps } from './risk-levels.tsx';

/** Kinds of events with what one of them is worth. */
export function RiskWeights({ draft, may, onChange }: RulesProps) {
  const { weights } = draft;
  const set = (at: number, change: Partial<(typeof weights)[number]>) =>
    onChange({ ...draft, weights: weights.map((one, i) => (i === at ? { ...one, ...change } : one)) });
  const others = Object.keys(reasons).filter((name) => !weights.some(({ type }) => shortType(type) === name));
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            <th>What happened</th>
            <th>Points</th>
            <th>Half after, hours</th>
            {may && <th />}
          </tr>
        </thead>
        <tbody>
          {weights.map(({ type, points, hours }, at) => (
            <tr key={type} data-testid={`risk-weight-${shortType(type)}`}>
              <td title={shortType(type)}>{reasonOf(type)}</td>
              <td>
                <Amount
                  label={`Points: ${reasonOf(type)}`}
                  value={points}
                  may={may}
                  onChange={(text) => set(at, { points: text })}
                />
              </td>
              <td>
                <Amount
                  label={`Half after, hours: ${reasonOf(type)}`}
                  value={hours}
                  may={may}
                  onChange={(text) => set(at, { hours: text })}
                />
              </td>
              {may && (
                <td>
                  <button
                    type="button"
                    className="button quiet icon"
                    title="Leave out"
                    aria-label={`Leave out: ${reasonOf(type)}`}
                    onClick={() => onChange({ ...draft, weights: weights.filter((_, i) => i !== at) })}
                  >
                    <Icon name="close" />
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {may && others.length > 0 && (
        <select
          className="input"
          aria-label="Another kind that counts"
          data-testid="risk-add"
          value=""
          onChange={(e) =>
            onChange({
              ...draft,
              weights: [...weights, { type: `quaywatch.${e.target.value}`, points: '10', hours: '24' }],
            })
          }
        >
          <option value="">Another kind that counts …</option>
          {others.map((name) => (
            <option key={name} value={name}>
              {reasons[name]}
            </option>
          ))}
        </select>
      )}
    </div>
  );
}

interface AmountProps {
  readonly label: string;
  readonly value: string;
  readonly may: boolean;
  readonly onChange: (text: string) => void;
}

function Amount({ label, value, may, onChange }: AmountProps) {
  if (!may) return value;
  return (
    <input
      className="input amount"
      type="number"
      min={0}
      step="any"
      aria-label={label}
      value={value}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}
