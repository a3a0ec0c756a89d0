import type { FindingView } from '#hub/api/types';
import type { Point, Size } from '../draw/view.ts';
import { findingWords } from '../words.ts';
import { placeLabels } from './label-places.ts';

interface Props {
  readonly findings: readonly FindingView[];
  readonly chosen: number | undefined;
  readonly place: (point: Point) => Point;
  readonly size: Size;
  readonly zoom: number;
}

/** What is claimed, in words, beside its place. */
export function FindingLabels({ findings, chosen, place, size, zoom }: Props) {
  const shown = findings.flatMap((finding, i) => {
    const { region } = finding;
    if (!region) return [];
    const at = place({ x: region.column, y: region.row });
    return [{ i, text: `${i + 1} ${findingWords(finding)}`, at, height: region.rows * zoom }];
  });
  const places = placeLabels(shown, size);
  return shown.map(({ i, text }, n) => (
    <span
      key={i}
      className={`finding-label ${chosen === i ? 'chosen' : ''}`}
      style={{ left: places[n]?.x, top: places[n]?.y }}
    >
      {text}
    </span>
  ));
}
