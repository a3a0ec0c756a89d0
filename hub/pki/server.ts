import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { EnrolRequest } from '#flows/wire';
import { answerError } from '../api/problems.ts';
import type { Api } from '../api/route.ts';
import { schemaController } from '../api/schema.ts';
import { faults } from '../faults.ts';
import type { Authority } from './authority.ts';
import type { Enrolment } from './enrolment.ts';

/**
 * POST /enrol on a TLS port of its own: the only thing that a machine without a certificate can ask for.
 * It does not listen yet.
 */
export async function createEnrolmentServer(
  authority: Authority,
  enrolment: Enrolment,
  log: FastifyBaseLogger,
): Promise<Api> {
  const app = Fastify({
    // With the CA itself in the chain: a box compares it with the hash in its token before it says anything.
    https: {
      key: authority.server.key,
      cert: `${authority.server.certificate}\n${authority.certificate}`,
      minVersion: 'TLSv1.2',
    },
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 20_000,
    requestTimeout: 10_000,
    connectionTimeout: 10_000,
    schemaController,
    forceCloseConnections: true,
  }) as unknown as Api;
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(async (request) => {
    throw faults.fault('api.notFound', { what: `address ${request.url}` });
  });
  await app.register(rateLimit, { max: 60, timeWindow: '1 minute' });
  app.post('/enrol', { schema: { body: EnrolRequest } }, (request) => enrolment.enrol(request.body));
  return app;
}
