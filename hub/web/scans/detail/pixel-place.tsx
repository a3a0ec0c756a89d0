import type { ScanDetail } from '#hub/api/types';
import { bytes, count } from '../../format/number.ts';
import { Field, Fields } from '../../parts/fields.tsx';
import { Moment } from '../../parts/moment.tsx';
import { useScreen } from '../../parts/screen-context.tsx';
import { placeWords } from '../words.ts';

/** Which pass this was, and where its pixels are. */
export function PixelPlace({ scan }: { scan: ScanDetail }) {
  const screen = useScreen();
  const got = scan.bytes && scan.fetched !== undefined ? scan.fetched / scan.bytes : undefined;
  return (
    <section>
      <h3>Scan</h3>
      <Fields>
        <Field name="Scanner">
          {scan.scanner} <span className="muted">{scan.energiesMv.map((mv) => `${mv} MV`).join(' / ')}</span>
        </Field>
        <Field name="Began">
          <Moment time={scan.started} />
        </Field>
        {scan.ended && (
          <Field name="Ended">
            <Moment time={scan.ended} />
            {scan.state === 'cut' && <span className="warn"> cut short</span>}
          </Field>
        )}
        <Field name="Size">
          {count(scan.columns)} × {count(scan.rows)} px of {scan.pixelMm} mm
        </Field>
        <Field name="Pixels">
          {placeWords[scan.place]}
          {scan.bytes !== undefined && <span className="muted"> {bytes(scan.bytes)}</span>}
          {scan.place === 'fetching' && got !== undefined && (
            <>
              {' '}
              {Math.round(got * 100)} % <progress value={got} max="1" />
            </>
          )}{' '}
          {scan.place === 'box' && scan.state !== 'live' && (
            <button type="button" className="button" onClick={() => void screen.scan.fetch()}>
              Fetch
            </button>
          )}
        </Field>
      </Fields>
    </section>
  );
}
