import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import { faults } from '../faults.ts';
import { type Mapping, type Rule, type Source, units } from './mapping.ts';
import { pointer } from './pointer.ts';
import { momentText } from './time.ts';

/** One item on its way to a message: itself, the payload that it was in, and the topic's levels. */
export interface Item {
  readonly item: unknown;
  readonly payload: unknown;
  readonly levels: readonly string[];
}

type Got = { readonly value: unknown } | { readonly missing: string };
type Getter = (from: Item) => Got;

/** Reads `pointer` of the item, or of the whole payload when it begins with #. */
function reader(text: string): (from: Item) => unknown {
  const whole = text.startsWith('#');
  const read = pointer(whole ? text.slice(1) : text);
  return (from) => read(whole ? from.payload : from.item);
}

function rawOf(source: Source): (from: Item) => unknown {
  const { topicLevel, pointer: text } = source;
  if (text !== undefined) return reader(text);
  if (topicLevel !== undefined) return ({ levels }) => levels[topicLevel - 1];
  return () => source.value;
}

function timeText(value: unknown, format: NonNullable<Source['time']>): string | undefined {
  if (format === 'unix' || format === 'unixMs') {
    const ms = Number(value) * (format === 'unix' ? 1000 : 1);
    return typeof value === 'object' ? undefined : momentText(ms);
  }
  if (typeof value !== 'string') return undefined;
  const zoned = /(Z|[-+]\d\d:?\d\d)$/i.test(value.trim());
  if (zoned !== (format === 'iso')) return undefined;
  return momentText(Date.parse(zoned ? value.trim() : `${value.trim().replace(' ', 'T')}Z`));
}

function getter(source: Source): Getter {
  const raw = rawOf(source);
  const { values, time, unit, scale, offset } = source;
  const numeric = unit !== undefined || scale !== undefined || offset !== undefined;
  const factor = (unit === undefined ? 1 : units[unit]) * (scale ?? 1);
  return (from) => {
    let value = raw(from);
    if (value === undefined || value === null || value === '') return { missing: 'there is nothing' };
    if (values) {
      const key = String(value);
      if (!Object.hasOwn(values, key) && !Object.hasOwn(values, '*'))
        return { missing: `${key.slice(0, 40)} is none of the values` };
      value = Object.hasOwn(values, key) ? values[key] : values['*'];
    }
    if (time) {
      const text = timeText(value, time);
      return text === undefined
        ? { missing: `${String(value).slice(0, 40)} is no ${time} time` }
        : { value: text };
    }
    if (!numeric) return { value };
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return { missing: 'it is no number' };
    // Twelve digits: what the factor adds behind them is noise of binary fractions.
    return { value: Number.parseFloat((number * factor + (offset ?? 0)).toPrecision(12)) };
  };
}

interface CompiledRule {
  applies(from: Item): boolean;
  make(from: Item): Record<string, unknown> | Problem;
}

function compileRule(rule: Rule): CompiledRule {
  const conditions = Object.entries(rule.when ?? {}).map(
    ([text, wanted]) => [reader(text), JSON.stringify(wanted)] as const,
  );
  const sources: Record<string, Source> = { ...rule.fields };
  if (rule.device) sources.device = rule.device;
  if (rule.time) sources.time = rule.time;
  const fields = Object.entries(sources).map(([name, source]) => [name, source, getter(source)] as const);
  const attributes = Object.entries(rule.attributes ?? {}).map(
    ([name, source]) => [name, getter(source)] as const,
  );
  return {
    applies: (from) => conditions.every(([read, wanted]) => JSON.stringify(read(from)) === wanted),
    make(from) {
      const made: Record<string, unknown> = { kind: rule.kind, quality: 'good' };
      if (rule.kind === 'position') made.fix = true;
      for (const [field, source, get] of fields) {
        const got = get(from);
        if ('value' in got) made[field] = got.value;
        else if (!source.optional) {
          const place =
            source.pointer ?? (source.topicLevel ? `topic level ${source.topicLevel}` : 'its value');
          return faults.problem('map.field', { field, pointer: place, detail: got.missing });
        }
      }
      const extra: Record<string, unknown> = {};
      for (const [name, get] of attributes) {
        const got = get(from);
        if ('value' in got) extra[name] = got.value;
      }
      made.attributes = extra;
      return made;
    },
  };
}

export interface CompiledMap {
  /** The items of a payload; undefined: the pointer leads to no list. */
  items(payload: unknown): readonly unknown[] | undefined;
  read(from: Item): Message | Problem;
}

/** `check` is the last word on whether a message is one. */
export function compileMap(
  mapping: Mapping,
  check: (candidate: Record<string, unknown>) => Message | Problem,
): CompiledMap {
  const rules = mapping.rules.map(compileRule);
  const list = mapping.items === undefined ? undefined : pointer(mapping.items);
  return {
    items(payload) {
      const items = list ? list(payload) : payload;
      if (Array.isArray(items)) return items;
      return list ? undefined : [payload];
    },
    read(from) {
      const rule = rules.find((candidate) => candidate.applies(from));
      if (!rule) return faults.problem('map.rule');
      const made = rule.make(from);
      return 'code' in made && 'help' in made ? (made as unknown as Problem) : check(made);
    },
  };
}
