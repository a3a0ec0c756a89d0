import type { Emission } from '#flows/event';
import type { StateChange } from '#flows/runtime';
import type { FlowChanges } from '../outbox/journal-text.ts';
import type { CommandEntry } from './entry.ts';

/** A flow's name has no dot: this is none of a user's. */
export const ledgerOwner = 'box.commands';

/** After its end a command is remembered so long, ms: a clock that was set back revives none. */
const keptMs = 7 * 86_400_000;

const none: readonly CommandEntry[] = [];

export interface LedgerOptions {
  /** What was kept when the box started. */
  readonly stored: readonly StateChange[];
  /** Events and changes, on disk when it returns; false: they could not be written. */
  write(emissions: readonly Emission[], changes: FlowChanges): boolean;
}

/** Commands by id and the last known state of seals, in the box's outbox: what was sent is known after any crash. */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly #entries = new Map<string, CommandEntry>();
  readonly #open = new Map<string, CommandEntry>();
  readonly #seals = new Map<string, string>();

  constructor(options: LedgerOptions) {
    this.#options = options;
    for (const { node, key, value } of options.stored) {
      if (node === 'seals') this.#seals.set(key, String(value));
      else this.#set(key, value as CommandEntry);
    }
  }

  get(id: string): CommandEntry | undefined {
    return this.#entries.get(id);
  }

  entries(): readonly CommandEntry[] {
    return [...this.#entries.values()];
  }

  /** Those of which something may still become. */
  open(): readonly CommandEntry[] {
    return this.#open.size === 0 ? none : [...this.#open.values()];
  }

  seal(device: string): string | undefined {
    return this.#seals.get(device);
  }

  /** Puts an entry and its event on disk together. False: neither is. */
  put(entry: CommandEntry, emissions: readonly Emission[]): boolean {
    const id = entry.report.command;
    const changes = [change('commands', id, entry), ...this.#old(Date.parse(entry.report.time))];
    if (!this.#options.write(emissions, { flow: ledgerOwner, entries: changes })) return false;
    this.#set(id, entry);
    for (const { key, value } of changes) if (value === undefined) this.#entries.delete(key);
    return true;
  }

  /** As `put`, for the state of a seal. */
  putSeal(device: string, state: string, emissions: readonly Emission[]): boolean {
    const entries = [change('seals', device, state)];
    if (!this.#options.write(emissions, { flow: ledgerOwner, entries })) return false;
    this.#seals.set(device, state);
    return true;
  }

  #set(id: string, entry: CommandEntry): void {
    this.#entries.set(id, entry);
    if (entry.open) this.#open.set(id, entry);
    else this.#open.delete(id);
  }

  #old(nowMs: number): StateChange[] {
    return [...this.#entries]
      .filter(([, { open, notAfterMs }]) => !open && notAfterMs + keptMs < nowMs)
      .map(([id]) => change('commands', id, undefined));
  }
}

const change = (node: string, key: string, value: unknown): StateChange => ({
  node,
  space: 'state',
  key,
  version: 1,
  value,
});
