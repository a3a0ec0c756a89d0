import type { Message } from '#flows/message';
import { openLineEnd } from './line-end.ts';
import { consume, drained, type Simulator, type Source, Switches } from './simulator.ts';
import type { SimulatorPlace } from './simulator-place.ts';
import { folderDevice } from './transport/folder-device.ts';

export interface TalkerOptions<F extends string> {
  readonly source: Source;
  readonly place: SimulatorPlace;
  /** Name and ending of what it drops where its place is a folder. */
  readonly file: readonly [name: string, ending: string];
  /** With `silence` and `disconnect`, which are the same for all. */
  readonly faults: readonly (F | 'silence' | 'disconnect')[];
  /** The bytes of a message, with whatever is wrong with them; undefined for one that the device does not know. */
  say(message: Message, on: Pick<Switches<F>, 'has'>): Uint8Array | undefined;
}

/** A folder as the end of a line: whatever is said is a file. */
function dropEnd(folder: string, [name, ending]: TalkerOptions<never>['file']) {
  const device = folderDevice(folder);
  let count = 0;
  return {
    config: { folder: device.folder, settleSeconds: 0.3 },
    send(bytes: Uint8Array) {
      count++;
      device.drop(`${name}-${String(count).padStart(6, '0')}${ending}`, bytes);
    },
    pending: 0,
    hangUp: () => undefined,
    close: async () => device.close(),
  };
}

/** A simulated device that is asked nothing and says what it has; bytes go out as they are. */
export async function simulateTalker<F extends string>(options: TalkerOptions<F>): Promise<Simulator> {
  const { source, place, faults, say } = options;
  const stopped = new AbortController();
  const end = place.folder === undefined ? await openLineEnd(place) : dropEnd(place.folder, options.file);
  const switches = new Switches<F | 'silence' | 'disconnect'>(faults, (name, on) => {
    if (name === 'disconnect' && on) end.hangUp();
  });
  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) end.hangUp();
    if (switches.has('silence') || switches.has('disconnect')) return;
    const recorded = item instanceof Uint8Array;
    const bytes = recorded ? item : say(item, switches);
    if (bytes) end.send(bytes);
    // A recording goes at the pace of its wire.
    return recorded ? drained(() => end.pending, stopped.signal) : undefined;
  });
  return {
    config: end.config,
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await end.close();
    },
  };
}
