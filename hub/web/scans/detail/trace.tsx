import type { ScanDetail } from '#hub/api/types';
import { count } from '../../format/number.ts';
import { Field, Fields } from '../../parts/fields.tsx';
import { useScreen } from '../../parts/screen-context.tsx';
import { useNames } from '../../parts/use-names.ts';
import { scorePercent } from '../words.ts';

/** The way back: models, flow, lines and file that the verdict rests on. */
export function Trace({ scan }: { scan: ScanDetail }) {
  const screen = useScreen();
  const names = useNames();
  const { trace } = scan;
  return (
    <>
      {trace.models.map((model) => (
        <section key={`${model.id} ${model.version}`} data-testid="trace-model">
          <h3>
            Model {model.id} {model.version}
          </h3>
          <Fields>
            <Field name="Signed">{model.signed ? 'yes' : <span className="warn">by nobody</span>}</Field>
            {model.threshold !== undefined && <Field name="Threshold">{scorePercent(model.threshold)}</Field>}
            {model.provider && <Field name="Ran on">{model.provider}</Field>}
            {model.sha256 && (
              <Field name="SHA-256">
                <Hash value={model.sha256} />
              </Field>
            )}
          </Fields>
        </section>
      ))}
      <section data-testid="trace">
        <h3>What it rests on</h3>
        <Fields>
          {trace.lines && <Field name="Lines">{lineWords(trace.lines)}</Field>}
          {trace.calibration && (
            <Field name="Calibration">
              <span className={trace.calibration === 'good' ? '' : 'warn'}>{trace.calibration}</span>
            </Field>
          )}
          {trace.badPixels !== undefined && (
            <Field name="Bad elements">
              {count(trace.badPixels)} of {count(scan.rows)}, interpolated
            </Field>
          )}
          {trace.flow && <Field name="Flow">{trace.flow}</Field>}
          {trace.flowHash && (
            <Field name="Flow version">
              <Hash value={trace.flowHash} />
            </Field>
          )}
          {trace.sha256 && (
            <Field name="File SHA-256">
              <Hash value={trace.sha256} />
            </Field>
          )}
          <Field name="Box">
            <button
              type="button"
              className="cell-button fence-link"
              onClick={() =>
                screen.navigate({ area: 'boxes', box: scan.box, scan: undefined, selection: undefined })
              }
            >
              {names.box(scan.box)}
            </button>
          </Field>
          <Field name="Scan">
            <code>{scan.scan}</code>
          </Field>
        </Fields>
      </section>
    </>
  );
}

function Hash({ value }: { value: string }) {
  return <code title={value}>{value.length > 20 ? `${value.slice(0, 16)}…` : value}</code>;
}

type Lines = NonNullable<ScanDetail['trace']['lines']>;

function lineWords({ received, lost, doubled, damaged }: Lines): React.ReactNode {
  const bad = [
    [lost, 'lost, filled in'],
    [doubled, 'doubled, left out'],
    [damaged, 'damaged, left out'],
  ] as const;
  const said = bad.filter(([n]) => n > 0).map(([n, words]) => `${count(n)} ${words}`);
  return (
    <>
      {count(received)} received
      {said.length === 0 ? (
        <span className="muted">, none lost</span>
      ) : (
        <span className="warn">, {said.join(', ')}</span>
      )}
    </>
  );
}
