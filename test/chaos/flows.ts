import type { Wanted } from './ledger.ts';

/** Messages whose identity is remembered; what comes again was said within much less. */
const remembered = { withinSeconds: 2_592_000, maxKeys: 20_000 };

const through = (
  id: string,
  driver: string,
  config: object,
  key: readonly string[] | undefined,
  out: Wanted,
) => {
  const dedupe = key === undefined ? [] : [{ id: 'once', stage: 'dedupe', config: { key, ...remembered } }];
  const nodes = [
    { id: 'in', driver, config },
    ...dedupe,
    { id: 'out', stage: 'emit', config: { priority: out } },
  ];
  const wires = nodes.slice(1).map((node, at) => ({ from: nodes[at]?.id, to: node.id }));
  return { id, version: 1, nodes, wires };
};

export interface Places {
  /** Where terminals call in. */
  readonly trucks: number;
  /** The links to the brokers that stand between devices and box. */
  readonly kept: number;
  readonly killed: number;
}

/** The box's sessions at the brokers between devices and box: opened before the first device speaks. */
export const sessions = { kept: 'box-kept', killed: 'box-killed' };

/**
 * What the box runs. A device that repeats itself does so as a new message wherever the wire has no sign of it, so
 * that the flow says what makes two the same; behind a broker with a session (`kept`) nothing of the kind is needed.
 */
export function flows({ trucks, kept, killed }: Places): object[] {
  const own = ['device', 'value'];
  const session = (clientId: string) => ({ clientId, keepaliveSeconds: 4 });
  return [
    through('local-alarm', 'mqtt-json', { topic: 'chaos/alarm/#' }, own, 'alarm'),
    through('local-verdict', 'mqtt-json', { topic: 'chaos/verdict/#' }, own, 'verdict'),
    through('local-telemetry', 'mqtt-json', { topic: 'chaos/telemetry/#' }, own, 'telemetry'),
    through(
      'trucks',
      'jt808',
      { listen: `127.0.0.1:${trucks}`, devices: ['*'], idleSeconds: 10 },
      ['device', 'time'],
      'telemetry',
    ),
    through(
      'kept',
      'mqtt-json',
      { url: `mqtt://127.0.0.1:${kept}`, topic: 'kept/#', ...session(sessions.kept) },
      undefined,
      'verdict',
    ),
    through(
      'killed',
      'mqtt-json',
      { url: `mqtt://127.0.0.1:${killed}`, topic: 'killed/#', ...session(sessions.killed) },
      own,
      'telemetry',
    ),
  ];
}
