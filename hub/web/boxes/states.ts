import type { BoxView } from '#hub/api/types';
import { boxSilentAfterMs } from '../format/freshness.ts';
import type { StateLook } from '../parts/state-mark.tsx';
import type { DeviceView } from '../state/fleet-model.ts';

interface Said {
  readonly look: StateLook;
  readonly word: string;
}

/** The state of a box's link in a word; `past`: its silence cannot be told from one stored status. */
export function linkState(box: BoxView, moment: number, past: boolean): Said {
  switch (box.link) {
    case 'revoked':
      return { look: 'off', word: 'Revoked' };
    case 'never':
      return { look: 'waiting', word: 'Never seen' };
    case 'lost':
      return { look: 'alarm', word: 'Lost' };
    case 'connected': {
      const silent = !past && !(moment - Date.parse(box.heard ?? '') < boxSilentAfterMs);
      return silent ? { look: 'alarm', word: 'Silent' } : { look: 'good', word: 'Connected' };
    }
  }
}

const deviceWords: Record<DeviceView['state'], Said> = {
  live: { look: 'good', word: 'Live' },
  connecting: { look: 'waiting', word: 'Connecting' },
  stale: { look: 'warn', word: 'Stale' },
  backoff: { look: 'warn', word: 'Retrying' },
  stopped: { look: 'off', word: 'Stopped' },
  refused: { look: 'alarm', word: 'Refused' },
};

export const deviceState = (device: DeviceView): Said => deviceWords[device.state];

type Flow = NonNullable<BoxView['status']>['flows'][number];
const flowWords: Record<Flow['state'], Said> = {
  running: { look: 'good', word: 'Running' },
  failed: { look: 'alarm', word: 'Failed' },
  stopped: { look: 'off', word: 'Stopped' },
};

export const flowState = (flow: Flow): Said => flowWords[flow.state];

/** Whether a person should look at it. */
export const isAbnormal = ({ look }: Said): boolean => look === 'warn' || look === 'alarm';

export const pendingOf = (box: BoxView): number =>
  Object.values(box.status?.outbox.pending ?? {}).reduce((sum, n) => sum + n, 0);

export const deviceName = (device: DeviceView): string =>
  device.device ?? device.node.split('/').at(-1) ?? device.node;
