import { Type } from 'typebox';
import { faults } from '../faults.ts';
import { type People, toSession } from '../people.ts';
import { cookieName } from './guard.ts';
import { type Api, closed } from './route.ts';

const Credentials = Type.Union([
  Type.Object({ token: Type.String({ description: 'Of a one-time link.', maxLength: 200 }) }, closed),
  Type.Object(
    {
      user: Type.String({ description: 'Name.', maxLength: 200 }),
      password: Type.String({ description: 'Password.', maxLength: 1000 }),
    },
    closed,
  ),
]);

/** GET, POST, DELETE /session */
export function sessionRoutes(api: Api, people: People): void {
  api.get('/session', { config: { role: 'viewer' }, schema: { summary: 'Who is signed in' } }, (request) => {
    if (!request.person) throw faults.fault('api.signIn');
    return toSession(request.person);
  });

  api.post(
    '/session',
    {
      config: { role: 'anyone', rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: { summary: 'Signs in by a one-time link or by name and password', body: Credentials },
      bodyLimit: 4096,
    },
    async (request, reply) => {
      const { body } = request;
      const { session, secret } =
        'token' in body
          ? await people.byToken(body.token)
          : await people.byPassword(body.user, body.password);
      reply.setCookie(cookieName, secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: request.protocol === 'https',
        expires: new Date(session.expires),
      });
      return session;
    },
  );

  api.delete(
    '/session',
    { config: { role: 'viewer' }, schema: { summary: 'Signs out' } },
    async (request, reply) => {
      if (request.person) await people.end(request.person);
      return reply.clearCookie(cookieName, { path: '/' }).status(204).send();
    },
  );
}
