import { Type } from 'typebox';
import { parseAddress } from './transport/link.ts';

/** Fields of every driver whose device speaks unasked over a serial line, TCP or UDP. */
export const lineFields = (baudRate: number) => ({
  path: Type.Optional(Type.String({ description: 'Serial line, such as /dev/serial/by-id/usb-….' })),
  baudRate: Type.Integer({
    description: 'Baud rate of the serial line.',
    default: baudRate,
    minimum: 50,
    maximum: 4_000_000,
  }),
  connect: Type.Optional(
    Type.String({ description: 'A device or serial server on the network instead of `path`, host:port.' }),
  ),
  udp: Type.Optional(
    Type.String({
      description:
        'Where datagrams are listened for instead of `path`, host:port. Nothing shows who sent one: give an address that only the devices reach.',
    }),
  ),
});

const ways = ['path', 'connect', 'udp'] as const;

/** Exactly one of the ways to the device, and an address that is one. */
export function checkLine(
  config: Record<string, unknown>,
): { readonly path: string; readonly message: string }[] {
  const given = ways.filter((way) => config[way] !== undefined);
  if (given.length !== 1) return [{ path: given[1] ?? 'path', message: 'give one of path, connect and udp' }];
  for (const way of ['connect', 'udp'] as const) {
    const address = config[way];
    if (typeof address === 'string' && !parseAddress(address))
      return [{ path: way, message: `${address} is no host:port` }];
  }
  return [];
}
