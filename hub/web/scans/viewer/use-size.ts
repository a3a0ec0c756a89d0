import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from '../draw/view.ts';

/** Size of an element in CSS px, kept up to date. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const place = element.current;
    if (!place) return;
    const read = () => setSize({ width: place.clientWidth, height: place.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(place);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
