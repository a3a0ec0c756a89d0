import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageOf } from '#flows/message';
import { consume, type Simulator, type Source, Switches } from '../simulator.ts';
import type { SimulatorPlace } from '../simulator-place.ts';
import { listenAsDevice } from '../transport/device-end.ts';
import { parseAddress } from '../transport/link.ts';
import { openPty } from '../transport/pty.ts';

export const radproFaults = [
  'silence',
  'garbage',
  'late',
  'cut',
  'echo',
  'twice',
  'frozen',
  'disconnect',
  'clockOff',
] as const;
type RadproFault = (typeof radproFaults)[number];

export interface RadproSimulatorOptions {
  readonly source: Source;
  readonly place: SimulatorPlace;
  readonly random: () => number;
}

/** Longer than a driver waits for an answer, half the time at least. */
const lateMs = 800;
const clockOffS = 86_400 * 365;

type Reading = MessageOf<'reading'>;

/** What the meter would say. Pulses come as the rate has it, and the dose rate is the rate by the sensitivity. */
class SimulatedMeter {
  readonly #values: Record<string, number> = { tubeRate: 142.857, deviceBatteryVoltage: 1.421 };
  readonly #sensitivity = 153.8;
  #pulses = 50_000_000;
  #countedMs = Date.now();

  hear({ name, value }: Reading): void {
    this.#count();
    if (name === 'countRate') this.#values.tubeRate = value;
    else if (name === 'doseRate') this.#values.tubeRate = value * this.#sensitivity;
    else if (name === 'batteryVoltage') this.#values.deviceBatteryVoltage = value;
    else if (name === 'pulseCount') this.#pulses = value;
  }

  answers(): Record<string, string> {
    this.#count();
    const fixed = (name: string) => (this.#values[name] ?? 0).toFixed(3);
    return {
      deviceId: 'Rad Pro simulator;Rad Pro 3.0/en;51d0a71a',
      devicePower: '1',
      deviceTime: `${Math.floor(Date.now() / 1000)}`,
      deviceTimeZone: '0.0',
      deviceBatteryVoltage: fixed('deviceBatteryVoltage'),
      tubeRate: fixed('tubeRate'),
      tubePulseCount: `${Math.floor(this.#pulses)}`,
      tubeSensitivity: this.#sensitivity.toFixed(3),
    };
  }

  #count(): void {
    const nowMs = Date.now();
    this.#pulses += ((nowMs - this.#countedMs) / 60_000) * (this.#values.tubeRate ?? 0);
    this.#countedMs = nowMs;
  }
}

async function openEnd({ pty, listen }: SimulatorPlace, heard: (bytes: Uint8Array) => void) {
  if (pty !== undefined) {
    const end = await openPty(heard, pty === '' ? undefined : pty);
    return { end, config: { path: end.address } };
  }
  const address = parseAddress(listen ?? '');
  if (!address) throw new RangeError('It needs a pty, or host:port to listen at.');
  const end = await listenAsDevice(address.host, address.port, heard);
  return { end, config: { connect: end.address } };
}

/**
 * A simulated dose meter: it answers what it is asked, from the readings of its source (`countRate`, `doseRate`,
 * `pulseCount`, `batteryVoltage`). Bytes of the source are a transcript: its answers are said from then on.
 */
export async function simulateRadpro(options: RadproSimulatorOptions): Promise<Simulator> {
  const { source, random } = options;
  const stopped = new AbortController();
  const meter = new SimulatedMeter();
  const replayed: Record<string, string> = {};
  let frozen: Record<string, string> | undefined;
  let heard = '';
  /** On a line nothing overtakes: each answer waits for those before it. */
  let said = Promise.resolve();
  const later = (ms: number, text: string) => {
    said = said.then(async () => {
      if (ms > 0) await sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
      end.send(Buffer.from(text, 'latin1'));
    });
  };
  const answer = (line: string) => {
    if (switches.has('disconnect')) return end.hangUp();
    if (switches.has('silence')) return;
    if (switches.has('frozen')) frozen ??= { ...meter.answers(), ...replayed };
    else frozen = undefined;
    const asked = /^GET (\w+)$/.exec(line)?.[1] ?? '';
    const values = { ...(frozen ?? { ...meter.answers(), ...replayed }) };
    if (switches.has('clockOff')) values.deviceTime = `${Number(values.deviceTime) - clockOffS}`;
    const value = Object.hasOwn(values, asked) ? values[asked] : undefined;
    let text = value === undefined ? 'ERROR\r\n' : `OK ${value}\r\n`;
    if (switches.has('cut')) text = text.slice(0, Math.floor(random() * text.length));
    if (switches.has('twice')) text += text;
    if (switches.has('echo')) text = `${line}\r\n${text}`;
    if (switches.has('garbage')) text = `\xff${Math.floor(random() * 1e9).toString(36)}\n${text}`;
    later(switches.has('late') && random() < 0.5 ? lateMs * (0.5 + random()) : 0, text);
  };
  const { end, config } = await openEnd(options.place, (bytes) => {
    heard = (heard + Buffer.from(bytes).toString('latin1')).slice(-4096);
    for (let at = heard.indexOf('\n'); at >= 0; at = heard.indexOf('\n')) {
      answer(heard.slice(0, at).trim());
      heard = heard.slice(at + 1);
    }
  });
  const switches = new Switches<RadproFault>(radproFaults, (name, on) => {
    if (name === 'disconnect' && on) end.hangUp();
  });
  let transcript = '';
  const done = consume(source, stopped.signal, (item) => {
    if (!(item instanceof Uint8Array)) {
      if (item.kind === 'reading') meter.hear(item);
      return;
    }
    transcript = (transcript + Buffer.from(item).toString('latin1')).slice(-8192);
    for (const [, asked, value] of transcript.matchAll(/GET (\w+)\r?\nOK ([^\r\n]+)\r?\n/g))
      replayed[asked as string] = value as string;
  });
  return {
    config,
    done,
    fault: (name, on) => switches.set(name, on),
    async stop() {
      stopped.abort();
      await said;
      await end.close();
    },
  };
}
