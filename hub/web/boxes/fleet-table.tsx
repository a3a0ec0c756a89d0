import type { BoxView } from '#hub/api/types';
import { boxSilentAfterMs } from '../format/freshness.ts';
import { bytes, count } from '../format/number.ts';
import { duration } from '../format/time.ts';
import { Age } from '../parts/age.tsx';
import { useMoment, usePast, useScreen } from '../parts/screen-context.tsx';
import { Sparkline } from '../parts/sparkline.tsx';
import { StateWord } from '../parts/state-word.tsx';
import type { Fleet } from '../state/fleet-model.ts';
import { useStore } from '../state/store.ts';
import { deviceState, flowState, isAbnormal, linkState, pendingOf } from './states.ts';

/** Every box, by site. */
export function FleetTable({ fleet }: { fleet: Fleet }) {
  const past = usePast();
  const known = fleet.sites.map((site) => site.id);
  const strays = [...new Set(fleet.boxes.map((box) => box.site))].filter((site) => !known.includes(site));
  const sites = [...fleet.sites, ...strays.map((id) => ({ id, name: id }))];
  if (fleet.status === 'ready' && fleet.boxes.length === 0)
    return (
      <p className="empty" data-testid="no-boxes">
        {past
          ? 'No box was enrolled at this moment.'
          : 'No box is enrolled yet. An administrator makes an enrolment token for each.'}
      </p>
    );
  return (
    <div className="table-scroll">
      <table className="table" data-testid="fleet">
        <thead>
          <tr>
            <th>Box</th>
            <th>Link</th>
            <th>Heard</th>
            <th className="number">Waiting in outbox</th>
            <th>Flows</th>
            <th>Devices</th>
            <th className="medium">Received</th>
            <th className="number wide">Memory</th>
            <th className="wide">Up</th>
          </tr>
        </thead>
        {sites.map((site) => {
          const boxes = fleet.boxes.filter((box) => box.site === site.id);
          return (
            <tbody key={site.id}>
              <tr className="group">
                <th colSpan={9} scope="rowgroup">
                  {site.name}
                  {boxes.length === 0 && <span className="muted"> · no boxes</span>}
                </th>
              </tr>
              {boxes.map((box) => (
                <FleetRow key={box.box} box={box} fleet={fleet} />
              ))}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}

function FleetRow({ box, fleet }: { box: BoxView; fleet: Fleet }) {
  const screen = useScreen();
  const past = usePast();
  const moment = useMoment();
  const history = useStore(screen.fleet.history).get(box.box) ?? [];
  const { status } = box;
  const link = linkState(box, moment, past);
  const devices = fleet.devices.filter((device) => device.box === box.box);
  const open = () => screen.navigate({ area: 'boxes', box: box.box });
  return (
    <tr className="open" data-testid={`box-${box.box}`} onClick={open}>
      <td>
        <button type="button" className="cell-button" onClick={open}>
          {box.name}
        </button>
      </td>
      <td>
        <StateWord {...link} />
      </td>
      <td>
        <Age time={box.heard} {...(past ? {} : { staleAfterMs: boxSilentAfterMs })} />
      </td>
      <td className="number">
        {status ? count(pendingOf(box)) : '–'}
        {status?.outbox.full && <StateWord look="warn" word="full" />}
      </td>
      <td>
        <Tally states={(status?.flows ?? []).map(flowState)} good="running" />
      </td>
      <td>
        <Tally states={devices.map(deviceState)} good="live" />
      </td>
      <td className="medium">
        {past ? (
          <span className="muted">–</span>
        ) : (
          <Sparkline
            values={history.map((s) => s.receivedRate)}
            unit="/s"
            label={`Messages received by ${box.name}`}
          />
        )}
      </td>
      <td className="number wide">{status ? bytes(status.rssBytes) : '–'}</td>
      <td className="wide">{status ? duration(status.uptimeS * 1000) : '–'}</td>
    </tr>
  );
}

/** How many are well, and a word for each that is not. */
function Tally({ states, good }: { states: readonly ReturnType<typeof deviceState>[]; good: string }) {
  if (states.length === 0) return <span className="muted">none</span>;
  const bad = states.filter(isAbnormal);
  const well = states.filter((state) => state.look === 'good').length;
  return (
    <span className="tally">
      <span className={bad.length > 0 ? '' : 'muted'}>
        {well} of {states.length} {good}
      </span>
      {[...new Map(bad.map((state) => [state.word, state])).values()].map((state) => (
        <StateWord key={state.word} {...state} word={state.word.toLowerCase()} />
      ))}
    </span>
  );
}
