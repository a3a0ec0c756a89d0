import { useState } from 'react';
import type { WatchLists } from '#hub/api/watch-types';
import { count } from '../format/number.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useMay } from '../parts/use-may.ts';
import { useSelected } from '../state/store.ts';
import { useAsk } from '../tracks/use-ask.ts';
import { NewList } from './new-list.tsx';
import { OpenList } from './open-list.tsx';
import { RiskRulesPage } from './risk-rules.tsx';

/** No list can have this name. */
const riskRulesPage = '~risk';

/** Lists of plates, containers, seals and objects that somebody wants to hear of. */
export function WatchArea() {
  const screen = useScreen();
  const name = useSelected(screen.address, (address) => address.set);
  const [version, setVersion] = useState(0);
  const lists = useAsk<WatchLists>('/watch-lists', {}, version);
  const known = lists.answer?.lists ?? [];
  const may = useMay('inspector');
  return (
    <div className="watch" data-testid="watch-area">
      <nav className="watch-lists" aria-label="Watch lists">
        <h2>Watch lists</h2>
        {lists.problem && <Problem problem={lists.problem} />}
        <ul className="row-list">
          {known.map((list) => (
            <li key={list.name}>
              <button
                type="button"
                aria-current={list.name === name}
                onClick={() => screen.navigate({ set: list.name })}
              >
                <span />
                <span>{list.title}</span>
                <span className="when">
                  {count(list.entries)} · {list.priority === 'alarm' ? 'alarm' : 'notice'}
                </span>
              </button>
            </li>
          ))}
        </ul>
        {may && <NewList taken={known.map((list) => list.name)} />}
        <ul className="row-list">
          <li>
            <button
              type="button"
              aria-current={name === riskRulesPage}
              data-testid="open-risk-rules"
              onClick={() => screen.navigate({ set: riskRulesPage })}
            >
              <span />
              <span>What counts against an object</span>
              <span />
            </button>
          </li>
        </ul>
      </nav>
      {name === undefined && (
        <p className="empty">
          A watch list names plates, containers, seals, ships or other objects. Whenever one of them is heard
          of, that is told. {known.length > 0 ? 'Choose a list' : may ? 'Make one' : 'There is none yet'}
          {known.length > 0 && may && ', or make one'}.
        </p>
      )}
      {name === riskRulesPage && <RiskRulesPage />}
      {name !== undefined && name !== riskRulesPage && (
        <OpenList key={name} name={name} version={version} onChange={() => setVersion((n) => n + 1)} />
      )}
    </div>
  );
}
