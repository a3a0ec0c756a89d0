import { shortDuration } from '../format/time.ts';
import { useMoment, usePast, useScreen } from '../parts/screen-context.tsx';
import { StateMark } from '../parts/state-mark.tsx';
import { useNames } from '../parts/use-names.ts';
import type { Change } from '../state/screen.ts';
import { useStore } from '../state/store.ts';
import { deviceName, deviceState, flowState, isAbnormal, linkState } from './states.ts';

interface Line {
  readonly key: string;
  readonly look: 'warn' | 'alarm';
  readonly words: string;
  readonly since: string | undefined;
  readonly to: Change;
}

/** Boxes, flows and devices that are not as they should be, each a step from its page. */
export function AbnormalDevices() {
  const screen = useScreen();
  const moment = useMoment();
  const past = usePast();
  const names = useNames();
  const fleet = useStore(screen.fleet.shown);
  if (fleet.status !== 'ready') return null;

  const lines: Line[] = [];
  for (const box of fleet.boxes) {
    const to = { area: 'boxes', box: box.box, selection: undefined } as const;
    const link = linkState(box, moment, past);
    if (isAbnormal(link))
      lines.push({
        key: box.box,
        look: 'alarm',
        words: `Box ${box.name}: link ${link.word.toLowerCase()}`,
        since: link.word === 'Silent' ? box.heard : box.linkSince,
        to,
      });
    if (box.status?.outbox.full)
      lines.push({
        key: `${box.box} full`,
        look: 'warn',
        words: `Box ${box.name}: outbox full, sources paused`,
        since: box.status.outbox.oldest,
        to,
      });
    for (const flow of box.status?.flows ?? [])
      if (isAbnormal(flowState(flow)))
        lines.push({
          key: `${box.box} ${flow.id}`,
          look: 'alarm',
          words: `Box ${box.name}: flow ${flow.id} failed`,
          since: undefined,
          to,
        });
  }
  for (const device of fleet.devices) {
    const state = deviceState(device);
    if (!isAbnormal(state)) continue;
    lines.push({
      key: `${device.box} ${device.node}`,
      look: state.look === 'alarm' ? 'alarm' : 'warn',
      words: `${deviceName(device)} at ${names.box(device.box)}: ${state.word.toLowerCase()}`,
      since: device.since,
      to: {
        area: 'boxes',
        box: device.box,
        selection: { kind: 'device', box: device.box, node: device.node },
      },
    });
  }
  return (
    <section data-testid="abnormal">
      <h3>Boxes and devices</h3>
      {fleet.boxes.length === 0 && <p className="muted">No box is known at this moment.</p>}
      {lines.length === 0 && fleet.boxes.length > 0 && (
        <p className="muted">
          <StateMark look="good" /> All {fleet.boxes.length} {fleet.boxes.length === 1 ? 'box' : 'boxes'} and{' '}
          {fleet.devices.length} {fleet.devices.length === 1 ? 'device' : 'devices'} in order
        </p>
      )}
      <ul className="row-list">
        {lines.map((line) => (
          <li key={line.key}>
            <button type="button" onClick={() => screen.navigate(line.to)}>
              <StateMark look={line.look} />
              <span>{line.words}</span>
              <span className="when">
                {line.since === undefined ? '' : `for ${shortDuration(moment - Date.parse(line.since))}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
