import { useEffect, useRef, useState } from 'react';
import type { WatchScreening } from '#hub/api/watch-types';
import { useScreen } from '../parts/screen-context.tsx';

export interface Screening {
  readonly running: boolean;
  /** Newest first; undefined before the first page. */
  readonly hits?: WatchScreening['hits'];
  readonly screened: number;
  readonly entries: number;
  start(from: number, to: number): void;
  stop(): void;
}

const none = { running: false, screened: 0, entries: 0 };

/** Screens a list of any size against the past, page by page, with how far it is. */
export function useScreening(list: string, onFail: (error: unknown) => void): Screening {
  const { client } = useScreen();
  const [so, setSo] = useState<Omit<Screening, 'start' | 'stop'>>(none);
  const run = useRef(0);
  useEffect(
    () => () => {
      run.current += 1;
    },
    [],
  );

  async function read(mine: number, from: string, to: string): Promise<void> {
    let hits: WatchScreening['hits'] = [];
    let screened = 0;
    for (let after: string | undefined; ; ) {
      const body = { from, to, ...(after !== undefined && { after }) };
      const page = await client.send<WatchScreening>('POST', `/watch-lists/${list}/screen`, body);
      if (run.current !== mine) return;
      screened += page.screened;
      hits = [...hits, ...page.hits].sort((a, b) => (a.last < b.last ? 1 : -1));
      after = page.next;
      setSo({ running: after !== undefined, hits, screened, entries: page.entries });
      if (after === undefined) return;
    }
  }

  return {
    ...so,
    start(from, to) {
      run.current += 1;
      const mine = run.current;
      setSo({ ...none, running: true });
      read(mine, new Date(from).toISOString(), new Date(to).toISOString()).catch((error: unknown) => {
        if (run.current !== mine) return;
        setSo((before) => ({ ...before, running: false }));
        onFail(error);
      });
    },
    stop() {
      run.current += 1;
      setSo((before) => ({ ...before, running: false }));
    },
  };
}
