import { count } from '../format/number.ts';
import { Age } from '../parts/age.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { StateWord } from '../parts/state-word.tsx';
import type { DeviceView } from '../state/fleet-model.ts';
import { useStore } from '../state/store.ts';
import { deviceName, deviceState } from './states.ts';

/** Devices with state, age of the last message, counts and the last problem; a row opens its detail. */
export function DeviceTable({ devices }: { devices: readonly DeviceView[] }) {
  const screen = useScreen();
  const { selection } = useStore(screen.address);
  if (devices.length === 0) return <p className="muted">No device at this moment.</p>;
  return (
    <div className="table-scroll">
      <table className="table" data-testid="devices">
        <thead>
          <tr>
            <th>Device</th>
            <th>Driver</th>
            <th>State</th>
            <th>Last message</th>
            <th className="number">Messages</th>
            <th className="number">Errors</th>
            <th>Last problem</th>
          </tr>
        </thead>
        <tbody>
          {devices.map((device) => {
            const open = () =>
              screen.navigate({ selection: { kind: 'device', box: device.box, node: device.node } });
            const selected =
              selection?.kind === 'device' && selection.box === device.box && selection.node === device.node;
            return (
              <tr key={device.node} className="open" aria-selected={selected} onClick={open}>
                <td>
                  <button type="button" className="cell-button" onClick={open}>
                    {deviceName(device)}
                  </button>
                </td>
                <td className="muted">{device.driver}</td>
                <td>
                  <StateWord {...deviceState(device)} />
                </td>
                <td>
                  <Age time={device.lastMessage} />
                </td>
                <td className="number">{count(device.messages)}</td>
                <td className={`number ${device.errors > 0 ? 'warn' : ''}`}>{count(device.errors)}</td>
                <td className="clip" title={device.detail}>
                  {device.detail ?? <span className="muted">–</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
