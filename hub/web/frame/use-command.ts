import { useLayoutEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import { type AreaCommand, areaCommandEvent } from './area-command.ts';

/** Answers to the keys that mean the open area. */
export function useCommand(handlers: Partial<Record<AreaCommand, () => void>>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  // With the picture, not after it was painted: who sees the area can use its keys.
  useLayoutEffect(() => {
    const onCommand = (event: Event) => {
      if (!(event instanceof CustomEvent)) return;
      // Rendered before the next key: of two in one moment the second builds on what the first has made.
      flushSync(() => latest.current[event.detail as AreaCommand]?.());
    };
    window.addEventListener(areaCommandEvent, onCommand);
    return () => window.removeEventListener(areaCommandEvent, onCommand);
  }, []);
}
