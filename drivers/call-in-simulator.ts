import type { Position } from '#flows/message';
import { callRaw } from './call-in-device.ts';
import { consume, drained, type Simulator, type Source, Switches } from './simulator.ts';

/** One simulated device that calls in. */
export interface Caller {
  report(position: Position): void;
  /** Reports that are not with the other side yet. */
  readonly waiting: number;
  hangUp(): void;
  close(): Promise<void>;
}

export interface CallersOptions<F extends string> {
  readonly source: Source;
  readonly host: string;
  readonly port: number;
  readonly faults: readonly F[];
  /** Identity on the wire for the device of a message. */
  identity(device: string | undefined): string;
  create(identity: string, switches: Switches<F>): Caller;
}

/** Simulated devices, one for each of the source, that call in; bytes go out as they are, by one of their own. The fault `disconnect` hangs all of them up. */
export function simulateCallers<F extends string>(options: CallersOptions<F>): Simulator {
  const stopped = new AbortController();
  const callers = new Map<string, Caller>();
  const switches = new Switches<F>(options.faults, (name, on) => {
    if (name === 'disconnect' && on) for (const caller of callers.values()) caller.hangUp();
  });
  const raw = callRaw(options.host, options.port);
  const waiting = () => [...callers.values()].reduce((sum, caller) => sum + caller.waiting, 0);
  const done = consume(options.source, stopped.signal, (item) => {
    if (item instanceof Uint8Array) return raw.send(item);
    if (item.kind !== 'position') return;
    const identity = options.identity(item.device);
    let caller = callers.get(identity);
    if (!caller) {
      caller = options.create(identity, switches);
      callers.set(identity, caller);
    }
    caller.report(item);
  }).then(() => drained(waiting, stopped.signal));
  return {
    config: { listen: `${options.host}:${options.port}`, devices: ['*'] },
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await Promise.all([...callers.values()].map((caller) => caller.close()));
      await raw.close();
    },
  };
}

/** What the faults `badCheck`, `cut` and `garbage` make of a frame; `at` is a byte that the check covers. */
export function spoil(
  bytes: Uint8Array,
  at: number,
  on: Pick<Switches<string>, 'has'>,
  random: () => number,
) {
  if (on.has('badCheck')) {
    const spoiled = bytes.slice();
    spoiled[at] = (spoiled[at] as number) ^ 1;
    return spoiled;
  }
  if (on.has('cut')) return bytes.subarray(0, at + Math.floor(random() * (bytes.length - at)));
  if (on.has('garbage'))
    return Buffer.concat([Uint8Array.from({ length: 20 }, () => 1 + Math.floor(random() * 254)), bytes]);
  return bytes;
}
