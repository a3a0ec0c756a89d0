import { Device } from './devices/device.ts';
import { publisher, readingOf } from './devices/publisher.ts';
import { placeOf, terminal } from './devices/terminal.ts';
import type { Input, Ledger, Path, Wanted } from './ledger.ts';
import type { Stand } from './stand.ts';

interface Speaker {
  readonly name: string;
  readonly path: Path;
  readonly priority: Wanted;
  readonly device: Device;
  readonly dataOf: (n: number) => Input['data'];
}

/** Inputs of one device that may wait for their acknowledgement; a device has no more memory than this. */
const mostWaiting = 60;
const tickMs = 50;

/** Devices on real wires, each of which gives nothing up. */
export class Load {
  readonly #ledger: Ledger;
  readonly #speakers: Speaker[] = [];
  readonly #ticker: NodeJS.Timeout;
  #perTick: number;
  #due = 0;
  #turn = 0;

  constructor(stand: Stand, ledger: Ledger, random: () => number, perSecond: number) {
    this.#ledger = ledger;
    this.#perTick = (perSecond * tickMs) / 1000;
    const acknowledged = (input: Input) => ledger.acknowledge(input);
    const publish = (name: string, path: Path, priority: Wanted, port: number, topic: string) => {
      const dialect = publisher(name, () => topic);
      const device = new Device({ port, dialect, random, acknowledged });
      this.#speakers.push({ name, path, priority, device, dataOf: readingOf(name) });
    };
    for (const priority of ['alarm', 'verdict', 'telemetry'] as const)
      for (const n of [1, 2])
        publish(`${priority}-${n}`, 'local', priority, stand.links.devices.port, `chaos/${priority}/${n}`);
    for (const phone of ['013800000001', '013800000002'])
      this.#speakers.push({
        name: phone,
        path: 'truck',
        priority: 'telemetry',
        device: new Device({ port: stand.links.trucks.port, dialect: terminal(phone), random, acknowledged }),
        dataOf: (n) => ({ quality: 'good', ...placeOf(n), fix: true }),
      });
    publish('behind-kept', 'kept', 'verdict', stand.ports.kept, 'kept/a');
    publish('behind-killed', 'killed', 'telemetry', stand.ports.killed, 'killed/a');
    this.#ticker = setInterval(() => this.#tick(), tickMs);
  }

  #tick(): void {
    this.#due += this.#perTick;
    for (; this.#due >= 1; this.#due -= 1) {
      const speaker = this.#speakers[this.#turn++ % this.#speakers.length];
      if (speaker && speaker.device.waiting < mostWaiting) this.#give(speaker);
    }
  }

  #give({ name, path, priority, device, dataOf }: Speaker): Input {
    const input = this.#ledger.next(name, path, priority, dataOf);
    device.give(input);
    return input;
  }

  get waiting(): number {
    return this.#speakers.reduce((sum, { device }) => sum + device.waiting, 0);
  }

  /** No more by itself; what waits is still said. */
  pause(): void {
    this.#perTick = 0;
    this.#due = 0;
  }

  /** One more of each device: the proof that all of it is alive. */
  giveEach(): Input[] {
    return this.#speakers.map((speaker) => this.#give(speaker));
  }

  close(): void {
    clearInterval(this.#ticker);
    for (const { device } of this.#speakers) device.close();
  }
}
