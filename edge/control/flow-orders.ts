import type { CommandDefinition, DeviceOrder } from '#drivers/command';
import type { Emission } from '#flows/event';
import { Fault } from '#flows/fault';
import { faults } from '../faults.ts';
import { detailOf } from '../files.ts';

/** Event by which a flow asks for an action of a device of its own. */
export const orderType = 'quaywatch.sampler.requested';

/** Actions that a flow may ask for: what takes a sample lets nothing in or out, and no officer has to want it. */
const allowed: readonly string[] = ['take'];
const timeoutMs = 10_000;

export interface FlowOrdersWorld {
  commands(flow: string, node: string): readonly CommandDefinition[] | undefined;
  order(flow: string, node: string, order: DeviceOrder): Promise<void>;
  notice(emission: Emission): void;
  now(): number;
}

/**
 * Gives a flow's orders to its devices. The event that asks is on disk first, and the order is given once: a kill in between costs the
 * order and never makes a second one. What became of it is an event.
 */
export class FlowOrders {
  readonly #world: FlowOrdersWorld;
  readonly #waiting = new Set<AbortController>();

  constructor(world: FlowOrdersWorld) {
    this.#world = world;
  }

  /** An event of a flow that has been committed. */
  take(flow: string, { type, data }: Emission): void {
    if (type === orderType) void this.#give(flow, data);
  }

  async #give(flow: string, data: Readonly<Record<string, unknown>>): Promise<void> {
    const [node, device, action] = [String(data.node), String(data.device), String(data.action)];
    const facts = { flow, device, action, lot: data.lot, increment: data.increment };
    try {
      const known = this.#world.commands(flow, node)?.some((one) => one.action === action);
      if (!allowed.includes(action) || !known)
        throw faults.fault('order.refused', { flow, node, action, allowed: allowed.join(', ') });
      const abort = new AbortController();
      this.#waiting.add(abort);
      const timer = setTimeout(() => abort.abort(), timeoutMs);
      try {
        await this.#world.order(flow, node, { device, action, parameters: {}, signal: abort.signal });
      } finally {
        clearTimeout(timer);
        this.#waiting.delete(abort);
      }
      this.#say('acknowledged', device, { ...facts, state: 'acknowledged', acknowledged: true });
    } catch (error) {
      const problem = error instanceof Fault ? error.problem : undefined;
      const code = problem?.code ?? 'command.failed';
      const detail = problem?.message ?? detailOf(error);
      this.#say('failed', device, { ...facts, state: 'failed', acknowledged: false, code, detail });
    }
  }

  #say(state: 'acknowledged' | 'failed', device: string, data: Record<string, unknown>): void {
    this.#world.notice({
      type: `quaywatch.command.${state}`,
      priority: 'verdict',
      subject: device,
      stage: 'flow-orders',
      time: new Date(this.#world.now()).toISOString(),
      data,
    });
  }

  stop(): void {
    for (const abort of this.#waiting) abort.abort();
  }
}
