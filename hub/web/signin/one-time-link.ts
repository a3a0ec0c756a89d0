import type { Session } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import type { Screen } from '../state/screen.ts';

/** The token of a link `/signin#token`, if the address is one. */
export const tokenOf = (location: { pathname: string; hash: string }): string | undefined =>
  location.pathname.replace(/\/$/, '') === '/signin' && location.hash.length > 1
    ? decodeURIComponent(location.hash.slice(1))
    : undefined;

/** Signs in by a one-time link. The token leaves the address at once, whatever comes of it. */
export async function enterByLink(screen: Screen, token: string, history: History): Promise<void> {
  history.replaceState(null, '', '/live');
  screen.readAddress();
  try {
    screen.enter(await screen.client.send<Session>('POST', '/session', { token }));
  } catch (error) {
    screen.signIn.set({ state: 'out', ended: false, problem: problemOf(error) });
  }
}
