import { AbnormalDevices } from '../boxes/abnormal-devices.tsx';
import { EventRows } from '../events/event-rows.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';

const shown = 40;

/** What is wrong now, or was at the moment: boxes and devices out of order, and the latest alarms. */
export function Situation() {
  const { recent, known } = useStore(useScreen().alarms.alarms);
  return (
    <div data-testid="situation">
      <AbnormalDevices />
      <section>
        <h3>Latest alarms</h3>
        {known && recent.length === 0 && <p className="muted">No alarm is on record up to this moment.</p>}
        {!known && <p className="muted">Asking the hub …</p>}
        <EventRows events={recent} most={shown} />
      </section>
    </div>
  );
}
