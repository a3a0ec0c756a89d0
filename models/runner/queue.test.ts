import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchQueue, type Waiting } from './queue.ts';

interface Item extends Waiting {
  readonly number: number;
}

/** The queue as a plain list, by its contract alone. */
class Model {
  items: Item[] = [];
  /** Number of each item that has left, once. */
  readonly left: number[] = [];
  now = 0;
  made = 0;
}

const capacity = 5;
type Step = fc.Command<Model, BatchQueue<Item>>;

const leave = (model: Model, items: readonly Item[]) => {
  model.items = model.items.filter((item) => !items.includes(item));
  model.left.push(...items.map(({ number }) => number));
};

class Push implements Step {
  readonly key: string;
  readonly patience: number;
  readonly alone: boolean;
  constructor(key: string, patience: number, alone: boolean) {
    this.key = key;
    this.patience = patience;
    this.alone = alone;
  }
  check = () => true;
  run(model: Model, queue: BatchQueue<Item>) {
    const { key, alone } = this;
    const item = { key, alone, deadline: model.now + this.patience, number: model.made++ };
    const room = model.items.length < capacity;
    expect(queue.push(item)).toBe(room);
    if (room) model.items.push(item);
  }
  toString = () => `push(${this.key}, ${this.patience}, ${this.alone})`;
}

class Take implements Step {
  readonly max: number;
  readonly fails: boolean;
  constructor(max: number, fails: boolean) {
    this.max = max;
    this.fails = fails;
  }
  check = () => true;
  run(model: Model, queue: BatchQueue<Item>) {
    const [head] = model.items;
    const joined = head?.alone ? [head] : model.items.filter(({ key, alone }) => key === head?.key && !alone);
    const expected = joined.slice(0, this.max);
    const batch = queue.take(this.max);
    expect(batch).toEqual(expected);
    leave(model, batch);
    if (!this.fails || batch.length < 2) return;
    // A batch that failed comes back in front, each of its samples alone.
    const again = batch.map((item) => ({ ...item, alone: true }));
    for (const { number } of again) model.left.splice(model.left.indexOf(number), 1);
    queue.putBack(again);
    model.items.unshift(...again);
  }
  toString = () => `take(${this.max}${this.fails ? ', fails' : ''})`;
}

class Wait implements Step {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
  check = () => true;
  run(model: Model, queue: BatchQueue<Item>) {
    model.now += this.ms;
    const late = model.items.filter(({ deadline }) => deadline <= model.now);
    expect(queue.expire(model.now)).toEqual(late);
    leave(model, late);
  }
  toString = () => `wait(${this.ms})`;
}

class Remove implements Step {
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
  check = (model: Readonly<Model>) => model.items.length > 0;
  run(model: Model, queue: BatchQueue<Item>) {
    const item = model.items[this.at % model.items.length] as Item;
    expect(queue.remove(item)).toBe(true);
    expect(queue.remove(item)).toBe(false);
    leave(model, [item]);
  }
  toString = () => `remove(${this.at})`;
}

test('does what a plain list would, whatever comes in which order', () => {
  const steps = [
    fc
      .tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 30 }), fc.boolean())
      .map((args) => new Push(...args)),
    fc.tuple(fc.integer({ min: 1, max: 4 }), fc.boolean()).map((args) => new Take(...args)),
    fc.integer({ min: 0, max: 20 }).map((ms) => new Wait(ms)),
    fc.nat(10).map((at) => new Remove(at)),
  ];
  fc.assert(
    fc.property(fc.commands(steps, { maxCommands: 60 }), (commands) => {
      const model = new Model();
      const queue = new BatchQueue<Item>(capacity);
      fc.modelRun(() => ({ model, real: queue }), commands);
      expect(queue.length).toBe(model.items.length);
      const deadlines = model.items.map(({ deadline }) => deadline);
      expect(queue.nextDeadline()).toBe(deadlines.length === 0 ? undefined : Math.min(...deadlines));
      leave(model, queue.clear());
      // Nothing is lost and nothing is given twice.
      expect(new Set(model.left).size).toBe(model.left.length);
      expect(queue.take(9)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
