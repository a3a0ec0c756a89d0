import type { Problem } from '#flows/fault';
import type { Reading } from '#flows/message';
import { faults } from '../faults.ts';
import type { Block, Profile, RegisterReading } from './profile.ts';
import { rawValue } from './registers.ts';
import { CommittedRegisters } from './remembered.ts';

export interface Interpreted {
  readonly messages: Reading[];
  readonly problems: Problem[];
}

/** What is remembered of one reading. */
interface Memory {
  raw?: number;
  same: number;
  /** That it has no value was told. */
  told: boolean;
}

interface BlockMemory {
  readonly readings: readonly Memory[];
  sequence?: number;
  changedMs?: number;
  /** That the device says so was told. */
  statusTold: boolean;
}

/** Blocks of registers to readings: what is in doubt is flagged, what does not count is withheld, each told once. */
export class Interpreter {
  readonly #profile: Profile;
  readonly #staleAfterMs: number;
  readonly #memories: readonly BlockMemory[];
  readonly #committed: CommittedRegisters;

  /** `committed`: what a former process had on disk; absent: the first results count as new. */
  constructor(
    profile: Profile,
    staleAfterSeconds: number,
    committed = new CommittedRegisters(undefined, ''),
  ) {
    this.#profile = profile;
    this.#staleAfterMs = staleAfterSeconds * 1000;
    this.#committed = committed;
    this.#memories = profile.blocks.map((block, index) => ({
      readings: block.readings.map((reading, at) => {
        const raw = reading.rollover === undefined ? undefined : committed.last(index, at);
        return { same: 0, told: false, ...(raw === undefined ? {} : { raw }) };
      }),
      statusTold: false,
      ...sequenceOf(block, committed.last(index, 'sequence')),
    }));
  }

  take(index: number, data: Uint8Array, nowMs: number): Interpreted {
    const block = this.#profile.blocks[index] as Block;
    const memory = this.#memories[index] as BlockMemory;
    const out: Interpreted = { messages: [], problems: [] };
    if (!this.#counts(block, memory, data, out)) return out;
    const age = this.#sequence(block, memory, data, nowMs);
    if (age === 'same') return out;
    for (const [i, reading] of block.readings.entries())
      this.#reading(block, reading, memory.readings[i] as Memory, data, age === 'stale', out);
    this.#note(index, block, memory);
    return out;
  }

  #note(index: number, block: Block, memory: BlockMemory): void {
    if (block.sequence && memory.sequence !== undefined)
      this.#committed.note(index, 'sequence', memory.sequence);
    for (const [at, { rollover }] of block.readings.entries()) {
      const raw = memory.readings[at]?.raw;
      if (rollover !== undefined && raw !== undefined) this.#committed.note(index, at, raw);
    }
  }

  #counts(block: Block, memory: BlockMemory, data: Uint8Array, out: Interpreted): boolean {
    const { status } = block;
    if (!status) return true;
    const word = rawValue(data, block, { at: status.at, type: 'u16' }, this.#profile);
    const good = (word & status.mask) === status.good;
    if (!good && !memory.statusTold)
      out.problems.push(faults.problem('modbus.status', { detail: `status 0x${word.toString(16)}` }));
    memory.statusTold = !good;
    return good;
  }

  /** Whether the result is new, the same as before, or the same for so long that it is stale. */
  #sequence(block: Block, memory: BlockMemory, data: Uint8Array, nowMs: number): 'new' | 'same' | 'stale' {
    if (!block.sequence) return 'new';
    const sequence = rawValue(data, block, block.sequence, this.#profile);
    if (sequence !== memory.sequence) {
      memory.sequence = sequence;
      memory.changedMs = nowMs;
      return 'new';
    }
    memory.changedMs ??= nowMs;
    return nowMs - memory.changedMs >= this.#staleAfterMs ? 'stale' : 'same';
  }

  #reading(
    block: Block,
    reading: RegisterReading,
    memory: Memory,
    data: Uint8Array,
    stale: boolean,
    out: Interpreted,
  ): void {
    const raw = rawValue(data, block, reading, this.#profile);
    const value = raw * reading.scale + reading.offset;
    if (!Number.isFinite(value) || reading.sentinels.includes(raw)) {
      if (!memory.told) out.problems.push(faults.problem('modbus.sentinel', { name: reading.name }));
      memory.told = true;
      return;
    }
    memory.told = false;
    memory.same = raw === memory.raw ? memory.same + 1 : 1;
    const attributes: Record<string, unknown> = { profile: this.#profile.id };
    if (reading.rollover !== undefined) Object.assign(attributes, incrementOf(memory.raw, raw, reading));
    memory.raw = raw;
    let quality: Reading['quality'] = stale ? 'stale' : 'good';
    if (reading.frozenAfter !== undefined && memory.same >= reading.frozenAfter) {
      quality = 'suspect';
      attributes.frozen = memory.same;
    }
    const outside = reading.min !== undefined && value < reading.min ? 'below' : undefined;
    const above = reading.max !== undefined && value > reading.max ? 'above' : undefined;
    if (outside ?? above) {
      quality = 'bad';
      attributes.outOfRange = outside ?? above;
    }
    const { name, unit } = reading;
    out.messages.push({
      kind: 'reading',
      quality,
      name,
      value: Number(value.toPrecision(reading.type === 'f32' ? 7 : 12)),
      unit,
      attributes,
    });
  }
}

const sequenceOf = (block: Block, sequence: number | undefined) =>
  block.sequence && sequence !== undefined ? { sequence } : {};

/** What a totaliser has grown by, over its roll-over too; a step back that is none was a reset. */
function incrementOf(before: number | undefined, raw: number, { rollover = 0, scale }: RegisterReading) {
  if (before === undefined) return {};
  if (raw >= before) return { increment: Number(((raw - before) * scale).toPrecision(12)) };
  // From the last tenth into the first: that is a roll-over.
  const rolled = before > 0.9 * rollover && raw < 0.1 * rollover;
  if (!rolled) return { reset: true };
  return { increment: Number(((raw + rollover - before) * scale).toPrecision(12)), rolledOver: true };
}
