import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/**
 * Width of an element in pixels, as it is now: a drawing that is made as wide as its place keeps its letters and lines as they are on
 * every screen. `first` until it has been laid out.
 */
export function useWidth<E extends Element>(first: number): [RefObject<E | null>, number] {
  const place = useRef<E>(null);
  const [width, setWidth] = useState(first);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const read = () => setWidth(Math.round(element.getBoundingClientRect().width) || first);
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [first]);
  return [place, width];
}
