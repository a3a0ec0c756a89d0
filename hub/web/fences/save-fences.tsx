import { useState } from 'react';
import type { ApiProblem } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { useCommand } from '../frame/use-command.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { changesOf, type Draft } from './draft.ts';
import { useCheck } from './use-check.ts';

const wordOf = (change: { before?: unknown; after?: unknown }) =>
  change.before ? (change.after ? 'changed' : 'removed') : 'added';

/** What would change, what is wrong with it, why, and the step that makes it a version. */
export function SaveFences({ draft, onSaved }: { draft: Draft; onSaved: () => void }) {
  const { client } = useScreen();
  const check = useCheck(draft);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [saving, setSaving] = useState(false);
  const changes = changesOf(draft);
  const ready = changes.length > 0 && check?.problems.length === 0 && !saving && !draft.drawing;
  const save = () => {
    if (!ready) return;
    setSaving(true);
    const body = {
      after: draft.version,
      kind: draft.kind,
      ...(note === '' ? {} : { note }),
      changes: changes.map(({ id, after }) => (after ? { id, feature: after } : { id })),
    };
    client
      .send('POST', `/fence-sets/${draft.set}/changes`, body)
      .then(onSaved, (error: unknown) => setProblem(problemOf(error)))
      .finally(() => setSaving(false));
  };
  useCommand({ saveFences: save });
  if (changes.length === 0) return null;
  return (
    <section className="save-fences" data-testid="fence-changes">
      <h3>
        Not saved: {changes.length} {changes.length === 1 ? 'change' : 'changes'}
      </h3>
      <ul>
        {changes.slice(0, 12).map((change) => (
          <li key={change.id}>
            {change.id} <span className="muted">{wordOf(change)}</span>
          </li>
        ))}
        {changes.length > 12 && <li className="muted">and {changes.length - 12} more</li>}
      </ul>
      {check?.problems.map(({ id, path, message }) => (
        <p key={`${id} ${path} ${message}`} className="warn" data-testid="fence-problem">
          <StateWord look="warn" word={id} /> {message}
        </p>
      ))}
      {problem && <Problem problem={problem} />}
      <input
        className="input wide"
        placeholder="Why"
        aria-label="Why"
        data-testid="fence-note"
        value={note}
        onChange={(e) => setNote(e.target.value)}
      />
      <div className="actions">
        <button type="button" className="button" data-testid="fence-save" disabled={!ready} onClick={save}>
          Save as version {draft.version + 1} (s)
        </button>
        {problem?.code === 'api.conflict' && (
          <button type="button" className="button" onClick={onSaved}>
            Drop mine and load theirs
          </button>
        )}
      </div>
    </section>
  );
}
