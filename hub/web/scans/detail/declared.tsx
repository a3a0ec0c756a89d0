import type { ScanDetail } from '#hub/api/types';
import { count } from '../../format/number.ts';
import { findingWords, outcomeWords } from '../words.ts';

/** What was declared beside what was seen. */
export function Declared({ scan }: { scan: ScanDetail }) {
  const { declaration, findings } = scan;
  return (
    <section data-testid="declared">
      <h3>Declared and seen</h3>
      <div className="declared">
        <div>
          <h4>Declared</h4>
          {!declaration && <p className="muted">Nothing is known of a declaration.</p>}
          {declaration && (
            <p className="muted">
              {declaration.id}
              {declaration.conveyance ? ` · ${declaration.conveyance}` : ''}
            </p>
          )}
          {declaration?.goods.length === 0 && <p>Empty: no goods.</p>}
          <ul>
            {declaration?.goods.map((goods) => (
              <li key={`${goods.hs} ${goods.description}`}>
                {goods.description}{' '}
                <span className="muted">
                  HS {goods.hs}
                  {goods.weightKg === undefined ? '' : `, ${count(goods.weightKg)} kg`}
                  {goods.origin ? `, ${goods.origin}` : ''}
                </span>
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h4>Seen</h4>
          {findings.length === 0 && <p className="muted">{outcomeWords(scan)}</p>}
          <ul>
            {findings.map((finding, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: findings have no name but their number
              <li key={i}>{findingWords(finding)}</li>
            ))}
          </ul>
        </div>
      </div>
    </section>
  );
}
