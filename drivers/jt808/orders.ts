import type { DeviceOrder } from '../command.ts';
import type { DriverEnvironment } from '../driver.ts';
import { faults } from '../faults.ts';
import { type LockOrders, lockOrder } from '../lock-orders.ts';
import type { OrderPacket } from '../pending-order.ts';
import { plainActions } from './actions.ts';
import type { Part } from './codec.ts';
import { commandPacket, commandResult, type Jt808Command, type Terminal } from './commands.ts';
import { ids } from './message.ts';

export interface OrderContext {
  readonly orders: LockOrders | undefined;
  readonly environment: Pick<DriverEnvironment, 'secret'>;
  readonly terminal: Terminal;
  /** A serial from the counter of the connection. */
  next(): number;
}

/** An order as a packet; a lock's goes as a text message, which is what padlocks behind a terminal are told. */
export function orderPacket(order: DeviceOrder, context: OrderContext): OrderPacket<Part> {
  const command = commandOf(order, context);
  const serial = context.next();
  let bytes: Uint8Array;
  try {
    bytes = commandPacket(context.terminal, serial, command);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw faults.fault('command.parameters', { action: order.action, detail });
  }
  return {
    bytes,
    answered({ header, body }) {
      if (header.id !== ids.generalReply) return undefined;
      const result = commandResult(body, serial, command);
      return result === undefined || result === 'done' ? result : { refused: result };
    },
  };
}

function commandOf(order: DeviceOrder, { orders, environment }: OrderContext): Jt808Command {
  const { action, parameters } = order;
  // The parameters were checked against the schema of the action before.
  if (Object.hasOwn(plainActions, action)) return { do: action, ...parameters } as Jt808Command;
  const { text } = lockOrder('jt808', order, orders, environment);
  return { do: 'text', text, display: false, speak: false };
}
