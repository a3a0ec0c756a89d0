import { createContext, useContext } from 'react';
import type { Screen } from '../state/screen.ts';
import { useStore } from '../state/store.ts';

const Context = createContext<Screen | undefined>(undefined);

export const ScreenProvider = Context.Provider;

/** The one screen that main.tsx made. */
export function useScreen(): Screen {
  const screen = useContext(Context);
  if (!screen) throw new Error('Used outside of ScreenProvider.');
  return screen;
}

/** The moment that everything is shown at, ms; renders anew each second. */
export const useMoment = (): number => useStore(useScreen().moment);

/** Whether the past is shown. */
export const usePast = (): boolean => useStore(useScreen().cursor).mode === 'past';
