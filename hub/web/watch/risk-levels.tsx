import { levelWords } from '../tracks/risk-words.ts';
import type { RulesDraft } from './risk-draft.ts';

export interface RulesProps {
  readonly draft: RulesDraft;
  readonly may: boolean;
  readonly onChange: (draft: RulesDraft) => void;
}

/** From how many points on what is done. */
export function RiskLevels({ draft, may, onChange }: RulesProps) {
  const fields = [
    ['raised', `From so many points on: ${levelWords.raised}`, 'points'],
    ['high', `From so many points on: ${levelWords.high}`, 'points'],
    ['most', 'Many events of one kind count at most as', 'events'],
  ] as const;
  return (
    <div className="risk-levels">
      {fields.map(([name, words, unit]) => (
        <label key={name}>
          <span>{words}</span>
          <input
            className="input"
            type="number"
            min={name === 'most' ? 1 : 0}
            step="any"
            disabled={!may}
            value={draft[name]}
            data-testid={`risk-${name}`}
            onChange={(e) => onChange({ ...draft, [name]: e.target.value })}
          />
          <span className="muted">{unit}</span>
        </label>
      ))}
    </div>
  );
}
