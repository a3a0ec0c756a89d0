import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Fault, type Problem } from '#flows/fault';
import { faults } from '../faults.ts';
import type { ApiProblem } from './types.ts';

const statusOf: Record<string, number> = {
  'api.notFound': 404,
  'api.conflict': 409,
  'api.signIn': 401,
  'api.credentials': 401,
  'api.role': 403,
  'api.origin': 403,
  'api.busy': 429,
  'api.tooLarge': 413,
  'api.clients': 503,
  'command.unknown': 404,
  'command.over': 409,
  'command.same': 403,
  'release.offline': 409,
  'scan.elsewhere': 404,
  'scan.gone': 410,
  'enrol.token': 403,
};

export const toApiProblem = (problem: Problem, status?: number): ApiProblem => ({
  status: status ?? statusOf[problem.code] ?? 400,
  ...problem,
});

/** What of an error the caller is told; `undefined`: it is the hub's own failure, and logged. */
function problemOf(error: FastifyError | Fault): Problem | undefined {
  if (error instanceof Fault) return error.problem;
  if (error.statusCode === 413) return faults.problem('api.tooLarge');
  if (error.statusCode === 429) return faults.problem('api.busy');
  if (error.statusCode !== undefined && error.statusCode < 500)
    return faults.problem('api.query', { detail: error.message });
  return undefined;
}

/** Every answer that is not 2xx is an `ApiProblem`. */
export function answerError(error: FastifyError | Fault, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error);
  if (!problem) request.log.error({ err: error, url: request.url }, 'a request failed');
  const answer = problem
    ? toApiProblem(problem, 'statusCode' in error && !(error instanceof Fault) ? error.statusCode : undefined)
    : toApiProblem(faults.problem('api.internal'), 500);
  return reply.status(answer.status).send(answer);
}
