import { type RefObject, useCallback, useLayoutEffect, useState } from 'react';

/** Rows of one height: which of them are in view, with some beyond either edge. */
export interface InView {
  readonly from: number;
  readonly to: number;
}

const beyond = 12;

export function inView(scrollTop: number, viewHeight: number, rowHeight: number, count: number): InView {
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + viewHeight) / rowHeight);
  return { from: Math.max(0, Math.min(first - beyond, count)), to: Math.min(count, last + beyond) };
}

export function useRowsInView(
  scroller: RefObject<HTMLElement | null>,
  rowHeight: number,
  count: number,
): { view: InView; onScroll: () => void } {
  const [view, setView] = useState<InView>({ from: 0, to: Math.min(count, 60) });
  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const next = inView(element.scrollTop, element.clientHeight, rowHeight, count);
    setView((now) => (now.from === next.from && now.to === next.to ? now : next));
  }, [scroller, rowHeight, count]);
  useLayoutEffect(() => {
    onScroll();
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(onScroll);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, onScroll]);
  return { view, onScroll };
}
