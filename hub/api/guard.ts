import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { faults } from '../faults.ts';
import { hashSecret } from '../secrets.ts';
import type { PeopleStore, SessionRecord } from '../store/store.ts';

export const cookieName = 'quaywatch';

/**
 * A page of another origin may not act in a person's name. Browsers send `Origin` with everything but
 * plain reads; a client that sends none is no browser, and the cookie is SameSite=Strict besides.
 */
export function checkOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  const safe = request.method === 'GET' || request.method === 'HEAD';
  if (safe && request.headers.upgrade === undefined) return;
  let from: string | undefined;
  try {
    from = new URL(origin).host;
  } catch {
    from = undefined;
  }
  if (from !== host) throw faults.fault('api.origin', { origin });
}

export async function personOf(
  request: FastifyRequest,
  people: PeopleStore,
  now: number,
): Promise<SessionRecord | undefined> {
  const cookie = request.cookies[cookieName];
  return cookie === undefined ? undefined : people.session(hashSecret(cookie), now);
}

/** Finds who asks, and refuses whoever may not. */
export function createGuard(people: PeopleStore, now: () => number) {
  return async (request: FastifyRequest): Promise<void> => {
    checkOrigin(request);
    const { role } = request.routeOptions.config;
    if (role === 'anyone') return;
    const person = await personOf(request, people, now());
    if (!person) throw faults.fault('api.signIn');
    request.person = person;
    if (role && role !== 'viewer' && !person.roles.includes(role)) throw faults.fault('api.role', { role });
  };
}

const contentPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every answer. What the API says is never kept by a cache. */
export function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': contentPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'geolocation=(), camera=(), microphone=()',
  });
  if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
}
