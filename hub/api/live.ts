import { faults } from '../faults.ts';
import type { Live } from '../live/live.ts';
import type { PeopleStore } from '../store/store.ts';
import { type Api, sitesOf } from './route.ts';

/** GET /live: the WebSocket. Who may have it, was checked before the upgrade. */
export function liveRoutes(api: Api, live: Live, people: PeopleStore, now: () => number): void {
  api.get(
    '/live',
    {
      websocket: true,
      config: { role: 'viewer' },
      schema: { summary: 'Live stream (WebSocket)' },
      preValidation: async () => {
        if (live.full()) throw faults.fault('api.clients', { limit: live.maxClients });
      },
    },
    (socket, request) => {
      const session = request.person?.id ?? '';
      const valid = async () => (await people.session(session, now())) !== undefined;
      const viewer = live.join(socket, sitesOf(request), valid);
      // The last state is enough: a client that floods is not answered more often than it is read.
      socket.on('message', (data) => viewer.message(String(data)));
      socket.on('close', viewer.gone);
      socket.on('error', viewer.gone);
    },
  );
}
