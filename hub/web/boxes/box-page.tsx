import type { BoxView } from '#hub/api/types';
import { boxSilentAfterMs } from '../format/freshness.ts';
import { bytes, count } from '../format/number.ts';
import { lookWords } from '../format/severity.ts';
import { duration } from '../format/time.ts';
import { Age } from '../parts/age.tsx';
import { Field, Fields } from '../parts/fields.tsx';
import { useMoment, usePast, useScreen } from '../parts/screen-context.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { useStore } from '../state/store.ts';
import { BoxHistory } from './box-history.tsx';
import { DeviceTable } from './device-table.tsx';
import { FlowTable } from './flow-table.tsx';
import { linkState } from './states.ts';

/** One box: link, outbox, flows and devices. */
export function BoxPage({ box }: { box: BoxView }) {
  const screen = useScreen();
  const past = usePast();
  const moment = useMoment();
  const { devices, sites } = useStore(screen.fleet.shown);
  const { status } = box;
  return (
    <div className="box-page" data-testid="box-page">
      <header>
        <button
          type="button"
          className="button"
          onClick={() => screen.navigate({ box: undefined, selection: undefined })}
        >
          ← All boxes
        </button>
        <h2>{box.name}</h2>
        <span className="muted">{sites.find((site) => site.id === box.site)?.name ?? box.site}</span>
        <StateWord {...linkState(box, moment, past)} />
      </header>
      <div className="cards">
        <section>
          <h3>Link</h3>
          <Fields>
            <Field name="Since">
              <Age time={box.linkSince} />
            </Field>
            <Field name="Last heard">
              <Age time={box.heard} {...(past ? {} : { staleAfterMs: boxSilentAfterMs })} />
            </Field>
            <Field name="Stored up to">
              {(['alarm', 'verdict', 'telemetry'] as const)
                .filter((priority) => box.watermarks[priority] !== undefined)
                .map((priority) => `${priority} ${box.watermarks[priority]}`)
                .join(' · ') || '–'}
            </Field>
            <Field name="Id">
              <code>{box.box}</code>
            </Field>
          </Fields>
        </section>
        <section>
          <h3>Waiting in the outbox</h3>
          {status ? <Outbox status={status} /> : <p className="muted">No status at this moment.</p>}
        </section>
        <section>
          <h3>Process</h3>
          {status ? (
            <Fields>
              <Field name="Up">{duration(status.uptimeS * 1000)}</Field>
              <Field name="Version">{status.version}</Field>
              <Field name="Memory">{bytes(status.rssBytes)}</Field>
              <Field name="Lag">
                <span className={status.lagMs > 1000 ? 'warn' : ''}>{Math.round(status.lagMs)} ms</span>
              </Field>
              <Field name="Release">
                {box.release ? `${box.release.version}, ${box.release.state}` : 'none'}
                {box.release?.detail && <span className="warn"> {box.release.detail}</span>}
              </Field>
            </Fields>
          ) : (
            <p className="muted">No status at this moment.</p>
          )}
        </section>
      </div>
      {!past && <BoxHistory box={box.box} />}
      <section>
        <h3>Devices</h3>
        <DeviceTable devices={devices.filter((device) => device.box === box.box)} />
      </section>
      <section>
        <h3>Flows</h3>
        <FlowTable flows={status?.flows ?? []} />
      </section>
    </div>
  );
}

function Outbox({ status }: { status: NonNullable<BoxView['status']> }) {
  const { pending, oldest, bytes: size, full } = status.outbox;
  return (
    <Fields>
      {(['alarm', 'verdict', 'telemetry'] as const).map((priority) => (
        <Field key={priority} name={lookWords[priority]}>
          {count(pending[priority] ?? 0)}
        </Field>
      ))}
      <Field name="Oldest">{oldest === undefined ? '–' : <Age time={oldest} staleAfterMs={60_000} />}</Field>
      <Field name="On disk">
        {bytes(size)} {full && <StateWord look="warn" word="full, sources paused" />}
      </Field>
    </Fields>
  );
}
