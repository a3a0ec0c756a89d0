import { useMemo } from 'react';
import type { StoredEvent } from '#hub/api/types';
import { type Names, sentence } from '../format/sentence.ts';
import { useScreen } from '../parts/screen-context.tsx';
import { useNames } from '../parts/use-names.ts';
import { useSelected, useStore } from '../state/store.ts';

/** The loaded rows that hold the words of the text filter. */
export function useVisibleRows(): readonly StoredEvent[] {
  const screen = useScreen();
  const { rows } = useStore(screen.feed.feed);
  const text = useSelected(screen.address, (address) => address.filters.text);
  const names = useNames();
  return useMemo(() => filterByText(rows, text, names), [rows, text, names]);
}

/** Every word must occur, in any place and case: in the sentence, type, subject, box, site or data. */
export function filterByText(
  rows: readonly StoredEvent[],
  text: string | undefined,
  names: Names,
): readonly StoredEvent[] {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter(({ event }) => {
    const { type, subject, box, site, data } = event;
    const all = [sentence(event, names), type, subject, names.box(box), box, site, JSON.stringify(data)]
      .join(' ')
      .toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
