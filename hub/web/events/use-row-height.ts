import { useEffect, useState } from 'react';

/** A height in rem as whole pixels, `narrow` where rows have two lines: rows of whole pixels stay sharp and add up. */
export function useRowHeight(rem: number, narrow = rem): number {
  const read = () => {
    const rootPx = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    // As in events.css.
    const isNarrow = window.matchMedia('(width < 1000px)').matches;
    return Math.round((isNarrow ? narrow : rem) * rootPx);
  };
  const [height, setHeight] = useState(read);
  useEffect(() => {
    const onResize = () => setHeight(read());
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  });
  return height;
}
