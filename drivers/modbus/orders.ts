import { Type } from 'typebox';
import type { CommandDefinition, DeviceOrder } from '../command.ts';
import { faults } from '../faults.ts';
import { coilRequest } from './pdu.ts';
import type { Poller } from './poller.ts';
import type { Profile } from './profile.ts';

const none = Type.Object({}, { additionalProperties: false });
const endSwitch = (name: string) => ({ kind: 'reading', where: { name, value: 1 } });

/** Of a barrier, or a sampler, whose profile has `writes`; its end switches say whether it moved. */
export const modbusCommands: readonly CommandDefinition[] = [
  {
    action: 'close',
    summary: 'Closes the barrier.',
    parameters: none,
    physical: true,
    confirmedBy: endSwitch('barrierClosed'),
  },
  {
    action: 'open',
    summary: 'Opens the barrier.',
    parameters: none,
    physical: true,
    confirmedBy: endSwitch('barrierOpen'),
  },
  {
    action: 'take',
    summary: 'Makes the sampler take a sample.',
    parameters: none,
    physical: true,
    confirmedBy: endSwitch('samplerReady'),
  },
];

/** As `DeviceSession.command`; `poller` is the one of the connection, if there is one. */
export function writeOrder(
  order: DeviceOrder,
  { id, writes }: Profile,
  { unit, device }: { readonly unit: number; readonly device?: string },
  poller: Poller | undefined,
): Promise<void> {
  const { action } = order;
  const write = writes?.find((known) => known.action === action);
  if (!write) throw faults.fault('command.none', { driver: `profile ${id}`, action });
  if (!poller || order.device !== device) throw faults.fault('command.absent', { device: order.device });
  return new Promise((resolve, reject) => {
    poller.write(coilRequest(unit, write.coil, write.on), (answer) => {
      if (!('problem' in answer)) resolve();
      else if (answer.problem.code === 'modbus.exception')
        reject(
          faults.fault('command.denied', { device: order.device, action, detail: answer.problem.message }),
        );
      else
        reject(faults.fault('command.unanswered', { device: order.device, detail: answer.problem.message }));
    });
  });
}
