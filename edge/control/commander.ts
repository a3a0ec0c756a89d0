import type { CommandDefinition, DeviceOrder } from '#drivers/command';
import type { CommandReport, CommandState, DeviceCommand } from '#flows/command';
import type { Emission } from '#flows/event';
import { Fault, type Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import { digest } from '#flows/trust/canonical';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';
import { refusal } from './checks.ts';
import { type CommandEntry, entryOf, isSettled, isUsed } from './entry.ts';
import type { Ledger } from './ledger.ts';
import { Sightings } from './sightings.ts';

/** A device's clock may be so much behind the box's, ms. */
const clockSlackMs = 2000;

export interface CommanderOptions {
  readonly ledger: Ledger;
  now(): number;
  /** Actions of a driver node; undefined: there is no such node. */
  commands(flow: string, node: string): readonly CommandDefinition[] | undefined;
  /** As `DeviceSession.command`. */
  order(flow: string, node: string, order: DeviceOrder): Promise<void>;
  /** To the hub, if there is a link; the same is in an event. */
  report(report: CommandReport): void;
  /** Problems that no report can tell. */
  say(problem: Problem): void;
}

type Step = Partial<Pick<CommandReport, 'acknowledged' | 'late' | 'code' | 'detail'>>;

/**
 * Carries out signed commands to devices. A command is on disk before its device hears of it, so it is given once,
 * also over kill -9 at any point; it counts as done when the device itself reports the expected state, whoever
 * acknowledged what.
 */
export class Commander {
  readonly #options: CommanderOptions;
  readonly #waiting = new Map<string, AbortController>();
  readonly #sightings = new Sightings();

  constructor(options: CommanderOptions) {
    this.#options = options;
  }

  /** A command whose signature, box and expiry are right. */
  take(command: DeviceCommand): void {
    const { ledger, now, report, say } = this.#options;
    const known = ledger.get(command.id);
    const hash = digest(command);
    if (known) {
      if (known.digest === hash) report(known.report);
      else say(faults.problem('command.reused', { id: command.id }));
      return;
    }
    const nowMs = now();
    const entry = entryOf(command, hash, nowMs);
    const problem = refusal(command, {
      nowMs,
      commands: this.#options.commands(command.flow, command.node),
      place: this.#sightings.place(command.device),
      lockedUntilMs: this.#sightings.lockedUntilMs(command.device),
      entries: ledger.entries(),
    });
    if (problem) {
      this.#step(entry, 'refused', { code: problem.code, detail: problem.message });
      return;
    }
    // Not on disk, not sent: the hub sends it again.
    if (this.#step({ ...entry, sentMs: nowMs }, 'sent')) void this.#give(command);
  }

  async #give({ id, flow, node, device, action, parameters }: DeviceCommand): Promise<void> {
    const abort = new AbortController();
    this.#waiting.set(id, abort);
    try {
      await this.#options.order(flow, node, { device, action, parameters, signal: abort.signal });
      this.#advance(id, 'acknowledged', { acknowledged: true });
    } catch (error) {
      // Without an answer it may have been done all the same: only the device's report can tell, within its time.
      const problem = error instanceof Fault ? error.problem : undefined;
      if (problem?.code !== 'command.unanswered')
        this.#advance(id, 'failed', {
          code: problem?.code ?? 'command.failed',
          detail: problem?.message ?? detailOf(error),
        });
    } finally {
      this.#waiting.delete(id);
    }
  }

  /** A message of a node that takes commands. */
  see(message: Message): void {
    const { device } = message;
    if (device === undefined) return;
    this.#sightings.see(device, message, this.#options.now());
    const confirmed = this.#confirm(device, message);
    if (message.kind === 'seal') this.#seal(device, message, confirmed);
  }

  /** Ends what is over; to be called several times a second. */
  tick(): void {
    const nowMs = this.#options.now();
    for (const entry of this.#options.ledger.open()) {
      if (!isSettled(entry) && nowMs > entry.untilMs) this.#timeOut(entry);
      else if (nowMs > entry.notAfterMs && (isSettled(entry) || nowMs > entry.untilMs)) this.#close(entry);
    }
  }

  stop(): void {
    for (const abort of this.#waiting.values()) abort.abort();
  }

  #confirm(device: string, message: Message): boolean {
    const { ledger, now } = this.#options;
    const saidMs = message.time === undefined ? now() : Date.parse(message.time);
    let confirmed = false;
    for (const entry of ledger.open()) {
      const { expected, sentMs, report, notAfterMs } = entry;
      if (!expected || sentMs === undefined || report.device !== device) continue;
      if (report.state === 'confirmed' || report.state === 'failed' || now() > notAfterMs) continue;
      // A report from before the command, which a lock had kept, says nothing of it.
      if (message.quality === 'bad' || message.quality === 'stale') continue;
      if (expected.kind !== message.kind || saidMs < sentMs - clockSlackMs) continue;
      const fields = message as unknown as Record<string, unknown>;
      if (Object.entries(expected.where).some(([name, value]) => fields[name] !== value)) continue;
      const late = report.state === 'timedOut' ? { late: true } : {};
      confirmed = this.#step(entry, 'confirmed', late) || confirmed;
      this.#waiting.get(report.command)?.abort();
    }
    return confirmed;
  }

  /** An opening that nobody has authorised is an alarm. */
  #seal(device: string, message: Message & { kind: 'seal' }, confirmed: boolean): void {
    const { ledger, now } = this.#options;
    const before = ledger.seal(device);
    const { state, reason, container, lon, lat } = message;
    if (before === state) return;
    const opened = state === 'unlocked' && before !== undefined && !confirmed;
    const data = { device, state, before, reason, container, lon, lat };
    const alarm: Emission = {
      type: 'quaywatch.seal.unauthorised',
      priority: 'alarm',
      subject: device,
      stage: 'commander',
      time: message.time ?? new Date(now()).toISOString(),
      data: Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined)),
    };
    ledger.putSeal(device, state, opened ? [alarm] : []);
  }

  #advance(id: string, state: CommandState, step: Step): void {
    const entry = this.#options.ledger.get(id);
    if (entry && !isSettled(entry)) this.#step(entry, state, step);
  }

  #timeOut(entry: CommandEntry): void {
    const { device, action } = entry.report;
    const { code, message } = faults.problem('command.timedOut', { device, action });
    if (this.#step(entry, 'timedOut', { code, detail: message }))
      this.#waiting.get(entry.report.command)?.abort();
  }

  /** The end of an authorisation; one that was never used ends with an event. */
  #close(entry: CommandEntry): void {
    const { command, authorisation, device, action } = entry.report;
    const expired: Emission = {
      type: 'quaywatch.authorisation.expired',
      priority: 'verdict',
      subject: device,
      stage: 'commander',
      time: new Date(entry.notAfterMs).toISOString(),
      data: { command, authorisation, device, action },
    };
    this.#options.ledger.put({ ...entry, open: false }, isUsed(entry) ? [] : [expired]);
  }

  /** One step of a command: on disk with its event, then told. False: it could not be written. */
  #step(entry: CommandEntry, state: CommandState, step: Step = {}): boolean {
    const time = new Date(this.#options.now()).toISOString();
    const report: CommandReport = { ...entry.report, ...step, state, time };
    const { kind, box, ...data } = report;
    const emission: Emission = {
      type: `quaywatch.command.${state}`,
      priority: state === 'timedOut' ? 'alarm' : 'verdict',
      subject: report.device,
      stage: 'commander',
      time,
      data,
    };
    if (!this.#options.ledger.put({ ...entry, report }, [emission])) {
      this.#options.say(faults.problem('command.unwritten', { id: report.command, state }));
      return false;
    }
    this.#options.report(report);
    return true;
  }
}
