import type { Message } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from './simulator.ts';
import { listenAsDevice } from './transport/device-end.ts';

export interface TalkerOptions<F extends string> {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  /** With `silence` and `disconnect`, which are the same for all. */
  readonly faults: readonly (F | 'silence' | 'disconnect')[];
  /** The bytes of a message, with whatever is wrong with them; undefined for one that the device does not know. */
  say(message: Message, on: Pick<Switches<F>, 'has'>): Uint8Array | undefined;
}

/** A simulated device that listens, is asked nothing and says what it has; bytes go out as they are. */
export async function simulateTalker<F extends string>(options: TalkerOptions<F>): Promise<Simulator> {
  const { source, host, port, faults, say } = options;
  const stopped = new AbortController();
  const end = await listenAsDevice(host, port, () => undefined);
  const switches = new Switches<F | 'silence' | 'disconnect'>(faults, (name, on) => {
    if (name === 'disconnect' && on) end.hangUp();
  });
  const done = consume(source, stopped.signal, (item) => {
    if (switches.has('disconnect')) end.hangUp();
    if (switches.has('silence') || switches.has('disconnect')) return;
    const bytes = item instanceof Uint8Array ? item : say(item, switches);
    if (bytes) end.send(bytes);
  });
  return {
    config: { connect: end.address },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await end.close();
    },
  };
}
