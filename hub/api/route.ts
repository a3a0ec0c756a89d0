import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify';
import { type Static, type TSchema, Type } from 'typebox';
import { IsoTime } from '#flows/message';
import type { SessionRecord } from '../store/store.ts';
import type { Role } from './types.ts';

/** Types of a route's parameters, query and body are those of its TypeBox schemas. */
interface Provider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  serializer: unknown;
}
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  Provider
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call it; `anyone` needs no session, `viewer` is whoever is signed in. */
    role?: Role | 'anyone';
  }
  interface FastifyRequest {
    person?: SessionRecord;
  }
}

/** Sites that the person of a request may see; undefined: all. */
export const sitesOf = (request: { person?: SessionRecord }): readonly string[] | undefined =>
  request.person?.sites;

/** Sites asked for, as far as the person may see them; undefined: all. */
export function sitesFor(asked: string[] | undefined, allowed: readonly string[] | undefined) {
  return asked && allowed ? asked.filter((site) => allowed.includes(site)) : (asked ?? allowed);
}

export const maySee = (request: { person?: SessionRecord }, site: string): boolean =>
  request.person?.sites?.includes(site) ?? true;

export const actorOf = (request: { person?: SessionRecord }): string => request.person?.user ?? '?';

/** A moment that there is: no 30th of February, and no 25th hour. */
export const Moment = Type.String({
  ...IsoTime,
  format: 'date-time',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?Z$',
});
export const moment = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Date.parse(text);

export const closed = { additionalProperties: false };
/** Several values separated by commas. */
export const List = (description: string) =>
  Type.Optional(
    Type.String({ description: `${description} Several are separated by commas.`, maxLength: 2000 }),
  );
export const list = (text: string | undefined): string[] | undefined =>
  text === undefined || text === '' ? undefined : text.split(',');

export const BoxPath = Type.Object(
  { box: Type.String({ description: 'Id of the box.', maxLength: 64 }) },
  closed,
);
