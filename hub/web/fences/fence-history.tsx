import { useEffect, useState } from 'react';
import type { FenceDiff, FenceHistory } from '#hub/api/fence-types';
import type { ApiProblem } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { utcMoment } from '../format/time.ts';
import type { PortMap } from '../map/port-map.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { drawnDiff } from './drawn.ts';

interface Props {
  readonly set: string;
  readonly version: number;
  readonly map: PortMap;
  readonly mayChange: boolean;
  readonly onSaved: () => void;
}

const counts = ({ added, changed, removed }: FenceHistory['versions'][number]) =>
  [added && `${added} added`, changed && `${changed} changed`, removed && `${removed} removed`]
    .filter(Boolean)
    .join(', ') || 'nothing';

/** Who changed what and when; a version is shown on the map beside the one before it, and can be gone back to. */
export function FenceHistoryPart({ set, version, map, mayChange, onSaved }: Props) {
  const { client } = useScreen();
  const [history, setHistory] = useState<FenceHistory | undefined>(undefined);
  const [diff, setDiff] = useState<FenceDiff | undefined>(undefined);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const fail = (error: unknown) => setProblem(problemOf(error));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` asks again
  useEffect(() => {
    setDiff(undefined);
    client.get<FenceHistory>(`/fence-sets/${set}/history`).then(setHistory, fail);
  }, [client, set, version]);
  useEffect(() => {
    map.setDraft(diff && drawnDiff(diff));
    return () => map.setDraft(undefined);
  }, [map, diff]);
  const show = (to: number) =>
    client.get<FenceDiff>(`/fence-sets/${set}/diff`, { from: to - 1, to }).then(setDiff, fail);
  const revert = (back: number) =>
    client.send('POST', `/fence-sets/${set}/revert`, { version: back }).then(onSaved, fail);
  return (
    <section data-testid="fence-history">
      {problem && <Problem problem={problem} />}
      {history?.versions.length === 0 && <p className="muted">It was never saved.</p>}
      <ol className="versions">
        {history?.versions.map((one) => (
          <li key={one.version} aria-current={diff?.to === one.version}>
            <p>
              <span className="strong">Version {one.version}</span>{' '}
              <span className="muted">{utcMoment(Date.parse(one.time))}</span>
            </p>
            <p>
              {one.actor}: {counts(one)}
              {one.note && <span className="muted"> · {one.note}</span>}
            </p>
            {diff?.to === one.version && (
              <ul>
                {diff.changes.slice(0, 20).map(({ id, before, after }) => (
                  <li key={id}>
                    {id} <span className="muted">{before ? (after ? 'changed' : 'removed') : 'added'}</span>
                  </li>
                ))}
              </ul>
            )}
            <div className="actions">
              <button
                type="button"
                className="button"
                aria-pressed={diff?.to === one.version}
                data-testid={`fence-diff-${one.version}`}
                onClick={() => (diff?.to === one.version ? setDiff(undefined) : void show(one.version))}
              >
                On the map
              </button>
              {mayChange && one.version < version && (
                <button
                  type="button"
                  className="button"
                  data-testid={`fence-revert-${one.version}`}
                  onClick={() => void revert(one.version)}
                >
                  Back to this
                </button>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
