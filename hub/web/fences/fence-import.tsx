import { useState } from 'react';
import type { FenceCheck } from '#hub/api/fence-types';
import type { ApiProblem } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import type { Draft } from './draft.ts';

interface Read {
  readonly name: string;
  readonly collection?: unknown;
  readonly check?: FenceCheck;
  readonly wrong?: string;
}

/** GeoJSON out and in: what a file would do is shown before it is taken in. */
export function FenceImport({
  draft,
  mayChange,
  onSaved,
}: {
  draft: Draft;
  mayChange: boolean;
  onSaved: () => void;
}) {
  const { client } = useScreen();
  const [read, setRead] = useState<Read | undefined>(undefined);
  const [replace, setReplace] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const path = `/fence-sets/${draft.set}`;
  const look = async (name: string, text: string, all: boolean) => {
    setProblem(undefined);
    let collection: unknown;
    try {
      collection = JSON.parse(text);
    } catch {
      return setRead({ name, wrong: 'The file is no JSON.' });
    }
    const check = await client.send<FenceCheck>('POST', `${path}/check`, {
      collection,
      replace: all,
      kind: draft.kind,
    });
    setRead({ name, collection, check });
  };
  const fail = (error: unknown) => setProblem(problemOf(error));
  const take = () =>
    client
      .send('POST', `${path}/import`, {
        collection: read?.collection,
        replace,
        kind: draft.kind,
        after: draft.version,
        note: `from ${read?.name ?? 'a file'}`,
      })
      .then(onSaved, fail);
  const check = read?.check;
  const nothing = check && check.added + check.changed + check.removed === 0;
  return (
    <section className="fence-files" data-testid="fence-files">
      {draft.version > 0 && (
        <p>
          <a
            className="button"
            href={`/api/v1${path}`}
            download={`${draft.set}-${draft.version}.geojson`}
            data-testid="fence-export"
          >
            Save as GeoJSON
          </a>
        </p>
      )}
      {mayChange && (
        <>
          <label>
            Take in a GeoJSON file: coordinates in WGS 84, an id in the properties of each
            <input
              className="input wide"
              type="file"
              accept=".geojson,.json,application/geo+json"
              data-testid="fence-file"
              onChange={(e) => {
                const file = e.target.files?.[0];
                if (file)
                  file
                    .text()
                    .then((text) => look(file.name, text, replace))
                    .catch(fail);
              }}
            />
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={replace}
              onChange={(e) => {
                setReplace(e.target.checked);
                if (read?.collection)
                  look(read.name, JSON.stringify(read.collection), e.target.checked).catch(fail);
              }}
            />
            {draft.kind === 'routes' ? 'Routes' : 'Fences'} that are not in the file are removed
          </label>
        </>
      )}
      {read?.wrong && <p className="warn">{read.wrong}</p>}
      {check && (
        <div data-testid="fence-import-check">
          <p>
            {read?.name}: {check.added} added, {check.changed} changed, {check.removed} removed
          </p>
          {check.problems.slice(0, 20).map(({ id, path: at, message }) => (
            <p key={`${id} ${at}`} className="warn">
              {id || at}: {message}
            </p>
          ))}
          {check.problems.length > 20 && (
            <p className="muted">and {check.problems.length - 20} more problems</p>
          )}
          <button
            type="button"
            className="button"
            data-testid="fence-import"
            disabled={check.problems.length > 0 || nothing}
            onClick={() => void take()}
          >
            Take it in as version {draft.version + 1}
          </button>
        </div>
      )}
      {problem && <Problem problem={problem} />}
    </section>
  );
}
