import { Type } from 'typebox';
import { callInFields } from './call-in-fields.ts';

const { listen, devices, maxLinks, staleAfterSeconds } = callInFields('0');

/** Fields of every driver whose devices call in over HTTP. */
export const httpFields = (port: string) => ({
  listen: Type.String({ ...listen, default: `127.0.0.1:${port}` }),
  devices,
  maxLinks,
  maxBodyBytes: Type.Integer({
    description: 'A request with a larger body is refused, bytes.',
    default: 65_536,
    minimum: 256,
    maximum: 67_108_864,
  }),
  staleAfterSeconds,
});
