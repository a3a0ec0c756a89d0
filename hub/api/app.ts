import { isIP } from 'node:net';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { faults } from '../faults.ts';
import type { Metrics } from '../metrics.ts';
import type { PeopleStore } from '../store/store.ts';
import { createGuard, personOf, setHeaders } from './guard.ts';
import { findPage, servePage } from './page.ts';
import { answerError } from './problems.ts';
import type { Api } from './route.ts';
import { schemaController } from './schema.ts';

export interface AppOptions {
  readonly log: FastifyBaseLogger;
  readonly people: PeopleStore;
  readonly metrics: Metrics;
  readonly now: () => number;
  readonly version: string;
  /** Whether the hub does its work: undefined, or what is wrong. */
  readonly trouble: () => string | undefined;
  /** Adds the routes below /api/v1. */
  readonly routes: (api: Api) => void;
}

const isLoopback = (ip: string): boolean =>
  ip === '::1' || ip.startsWith('127.') || ip.startsWith('::ffff:127.') || isIP(ip) === 0;

/** The HTTP side of the hub: API, live stream, page, metrics, health. It does not listen yet. */
export async function createApp(options: AppOptions): Promise<Api> {
  const app = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 100_000,
    routerOptions: { maxParamLength: 600 },
    schemaController,
    forceCloseConnections: true,
    // an address that cannot be read is told as everything else is
    frameworkErrors: answerError as never,
  }) as unknown as Api;
  app.setErrorHandler(answerError);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(websocket, { options: { maxPayload: 64_000, perMessageDeflate: false } });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Quaywatch hub',
        version: options.version,
        description:
          'Sign in with POST /api/v1/session. Every answer that is not 2xx is {status, code, message, help, at?}. GET /api/v1/live is a WebSocket with the live stream.',
      },
      servers: [{ url: '/' }],
    },
  });
  app.addHook('onSend', async (request, reply) => setHeaders(request, reply));

  await app.register(
    async (scope: Api) => {
      scope.addHook('onRequest', createGuard(options.people, options.now));
      options.routes(scope);
      scope.get('/openapi.json', { config: { role: 'viewer' }, schema: { hide: true } }, () => app.swagger());
    },
    { prefix: '/api/v1' },
  );

  app.get('/health', { schema: { hide: true } }, async (_request, reply) => {
    const trouble = options.trouble();
    reply.status(trouble === undefined ? 200 : 503);
    return { state: trouble === undefined ? 'ok' : 'failing', ...(trouble !== undefined && { trouble }) };
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const { registry } = options.metrics;
    if (!isLoopback(request.ip) && !(await personOf(request, options.people, options.now())))
      throw faults.fault('api.signIn');
    return reply.type(registry.contentType).send(await registry.metrics());
  });
  await servePage(app, findPage());
  return app;
}
