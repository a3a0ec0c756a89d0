import { useState } from 'react';
import type { RiskRules } from '#hub/api/risk-types';
import type { ApiProblem } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { utcMoment } from '../format/time.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useMay } from '../parts/use-may.ts';
import { useAsk } from '../tracks/use-ask.ts';
import { draftOf, type RulesDraft, rulesOf } from './risk-draft.ts';
import { RiskLevels } from './risk-levels.tsx';
import { RiskWeights } from './risk-weights.tsx';

/** What events are worth, and from how many points on an object is looked at or stopped: for all who ask of an object. */
export function RiskRulesPage() {
  const [version, setVersion] = useState(0);
  const { answer, problem } = useAsk<RiskRules>('/risk-rules', {}, version);
  if (problem) return <Problem problem={problem} onRetry={() => setVersion((n) => n + 1)} />;
  if (!answer) return <p className="empty">Asking the hub …</p>;
  // Rules that came anew begin anew; until then what was typed stays.
  return <RulesForm key={answer.changed ?? ''} rules={answer} onSaved={() => setVersion((n) => n + 1)} />;
}

function RulesForm({ rules, onSaved }: { rules: RiskRules; onSaved: () => void }) {
  const { client } = useScreen();
  const may = useMay('inspector');
  const [draft, setDraft] = useState<RulesDraft>(() => draftOf(rules));
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const wish = rulesOf(draft);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(rules));
  const save = () =>
    client
      .send<RiskRules>('PUT', '/risk-rules', wish)
      .then(onSaved, (error: unknown) => setProblem(problemOf(error)));
  return (
    <form
      className="watch-list risk-rules"
      data-testid="risk-rules"
      onSubmit={(e) => {
        e.preventDefault();
        if (wish) void save();
      }}
    >
      <header>
        <h2>What counts against an object</h2>
        <p className="muted">
          Each event about an object adds points, half as many after each half-life. The sum is no
          probability: it says in which order to look.{' '}
          {rules.changed === undefined
            ? 'These are the rules that came with the hub.'
            : `Changed by ${rules.by}, ${utcMoment(Date.parse(rules.changed))}.`}
          {!may && ' Changing them needs the role inspector.'}
        </p>
      </header>
      {problem && <Problem problem={problem} />}
      <RiskLevels draft={draft} may={may} onChange={setDraft} />
      <RiskWeights draft={draft} may={may} onChange={setDraft} />
      {may && (
        <div className="actions save-rules">
          <button
            type="submit"
            className="button"
            disabled={!wish || !isChanged}
            data-testid="risk-rules-save"
          >
            Save for everybody
          </button>
          <button
            type="button"
            className="button quiet"
            disabled={!isChanged}
            onClick={() => setDraft(draftOf(rules))}
          >
            As it was
          </button>
          {!wish && (
            <span className="warn" role="status">
              A number is missing or out of range, or “stop” is below “look”.
            </span>
          )}
        </div>
      )}
    </form>
  );
}
