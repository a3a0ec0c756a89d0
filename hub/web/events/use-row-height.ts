import { useEffect, useState } from 'react';

/** A height in rem as whole pixels: rows of whole pixels stay sharp and add up. */
export function useRowHeight(rem: number): number {
  const read = () => Math.round(rem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize));
  const [height, setHeight] = useState(read);
  useEffect(() => {
    const onResize = () => setHeight(read());
    window.addEventListener('resize', onResize);
    return () => window.removeEventListener('resize', onResize);
  });
  return height;
}
