import { useCallback, useEffect, useRef, useState } from 'react';
import { useScreen } from '../../parts/screen-context.tsx';
import type { ScanLook } from '../look.ts';

/** What is set to undefined goes back to what it is by itself. */
export type LookChange = { readonly [K in keyof ScanLook]?: ScanLook[K] | undefined };
export type SetLook = (change: LookChange) => void;

/** Browsers refuse many writes of the address a second: a picture that is dragged waits. */
const writeAfterMs = 250;

/** How the open scan is looked at: at once here, soon in the address; from the address when that changes. */
export function useLook(): [ScanLook, SetLook] {
  const screen = useScreen();
  const [look, setLook] = useState<ScanLook>(() => screen.address.get().look ?? {});
  const latest = useRef(look);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  latest.current = look;

  useEffect(() => {
    let known = screen.address.get().look;
    const stop = screen.address.subscribe(() => {
      const next = screen.address.get().look;
      if (next === known) return;
      known = next;
      if (next === latest.current) return;
      clearTimeout(timer.current);
      setLook(next ?? {});
    });
    return () => {
      stop();
      clearTimeout(timer.current);
    };
  }, [screen]);

  const set = useCallback(
    (change: LookChange) => {
      const merged = Object.entries({ ...latest.current, ...change }).filter(
        ([, value]) => value !== undefined && value !== false,
      );
      const next: ScanLook = Object.fromEntries(merged);
      latest.current = next;
      setLook(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => screen.navigate({ look: next }, 'replace'), writeAfterMs);
    },
    [screen],
  );
  return [look, set];
}

/** What stays when one goes on to the next scan: how one looks, not where. */
export function carried({ place: _, line: __, finding: ___, ...look }: ScanLook): ScanLook {
  return look;
}
