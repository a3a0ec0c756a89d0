import type { Message } from '../message.ts';
import type { ControlStep } from './control-config.ts';

/** Whether a message is what a step waits for. */
export function isDoneBy(step: ControlStep, message: Message): boolean {
  if (message.kind === 'passage') return step.point !== undefined && step.point === message.point;
  if (message.kind === 'seal') return step.seal !== undefined && step.seal === message.state;
  if (message.kind !== 'event') return false;
  const { type, data } = message;
  if (type === 'quaywatch.fence.enter') return step.enter !== undefined && step.enter === data.fence;
  if (type === 'quaywatch.fence.exit') return step.exit !== undefined && step.exit === data.fence;
  if (type !== 'quaywatch.scan.verdict' || step.scanner === undefined) return false;
  return step.scanner === '*' || step.scanner === data.scanner;
}

/** Whose step it is: the object read at a gate, the container of a seal, the subject of an event. */
export function objectOf(message: Message): string | undefined {
  if (message.kind === 'passage') return message.object;
  if (message.kind === 'seal') return message.container ?? message.device;
  return message.kind === 'event' ? (message.subject ?? message.device) : message.device;
}

export interface Plan {
  readonly steps: readonly ControlStep[];
  /** Numbers of the steps that may come right after a step. */
  next(step: number): readonly number[];
  /** The fewest steps between two, which must not be left out; undefined: there is no way. */
  between(from: number, to: number): readonly number[] | undefined;
}

export function planOf(steps: readonly ControlStep[]): Plan {
  const numberOf = new Map(steps.map(({ id }, i) => [id, i]));
  const followers = steps.map((): number[] => []);
  steps.forEach((step, i) => {
    const before = step.after?.map((id) => numberOf.get(id) ?? -1) ?? (i === 0 ? [] : [i - 1]);
    for (const one of before) followers[one]?.push(i);
  });
  /** Through optional steps, too. */
  const next = (from: number): number[] => {
    const found = new Set<number>();
    const visit = (step: number) => {
      for (const one of followers[step] ?? []) {
        if (found.has(one)) continue;
        found.add(one);
        if (steps[one]?.optional) visit(one);
      }
    };
    visit(from);
    return [...found].sort((a, b) => a - b);
  };
  const nexts = steps.map((_, i) => next(i));
  return {
    steps,
    next: (step) => nexts[step] ?? [],
    between(from, to) {
      const cameFrom = new Map<number, number>([[from, -1]]);
      const queue = [from];
      for (const step of queue) {
        for (const one of nexts[step] ?? []) {
          if (cameFrom.has(one)) continue;
          cameFrom.set(one, step);
          queue.push(one);
        }
      }
      if (!cameFrom.has(to) || to === from) return undefined;
      const way: number[] = [];
      for (let at = cameFrom.get(to) ?? -1; at !== from && at >= 0; at = cameFrom.get(at) ?? -1)
        way.unshift(at);
      return way.filter((step) => !steps[step]?.optional);
    },
  };
}
