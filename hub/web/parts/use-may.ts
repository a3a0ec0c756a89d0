import { useSelected } from '../state/store.ts';
import { useScreen } from './screen-context.tsx';

/** Whether whoever is signed in has the role. */
export const useMay = (role: string): boolean =>
  useSelected(
    useScreen().signIn,
    (signIn) => signIn.state === 'in' && (signIn.session.roles as readonly string[]).includes(role),
  );
