import type { Emission } from '#flows/event';
import type { Problem } from '#flows/fault';

export interface RefusalsOptions {
  readonly now: () => number;
  readonly warn: (fields: Record<string, unknown>, sentence: string) => void;
  readonly raise: (emission: Emission) => void;
}

const quietMs = 60_000;
const remembered = 1000;

/**
 * Tells people of what boxes were refused: one line and, for connections, one event for each box and
 * code in a minute, with how many there were, however often it is tried.
 */
export function createRefusals(options: RefusalsOptions) {
  const told = new Map<string, { at: number; silent: number }>();
  return (box: string, problem: Problem): void => {
    const { code, message } = problem;
    const key = `${box} ${code}`;
    const now = options.now();
    const before = told.get(key);
    if (before && now - before.at < quietMs) {
      before.silent += 1;
      return;
    }
    told.delete(key);
    told.set(key, { at: now, silent: 0 });
    if (told.size > remembered) told.delete(told.keys().next().value ?? '');
    options.warn({ box, code, help: problem.help, repeated: before?.silent ?? 0 }, message);
    if (!code.startsWith('link.')) return;
    options.raise({
      priority: 'alarm',
      type: 'quaywatch.box.refused',
      subject: box,
      time: new Date(now).toISOString(),
      data: { code, message },
      stage: 'link',
    });
  };
}
