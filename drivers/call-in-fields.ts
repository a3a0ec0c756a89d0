import { Type } from 'typebox';

/** Fields of every driver whose devices call in. */
export const callInFields = (port: string) => ({
  listen: Type.String({
    description: 'Where the devices call in, host:port; a port of 0 is any free one.',
    default: `127.0.0.1:${port}`,
  }),
  devices: Type.Array(Type.String({ minLength: 1 }), {
    description:
      'Identities, as on the wire, of the devices that are heard; all others are refused. `*` lets every one in.',
    default: [],
  }),
  maxLinks: Type.Integer({
    description: 'Connections at the same time; more are closed at once.',
    default: 4096,
    minimum: 1,
    maximum: 65_536,
  }),
  idleSeconds: Type.Number({
    description: 'A connection on which nothing came for so long is closed, seconds.',
    default: 900,
    minimum: 5,
    maximum: 86_400,
  }),
  staleAfterSeconds: Type.Number({
    description: 'Silence of all devices after which the node counts as stale, seconds.',
    default: 300,
    minimum: 1,
    maximum: 864_000,
  }),
});
