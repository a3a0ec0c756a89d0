import type { FindingView, ScanView } from '#hub/api/types';
import type { Look } from '../format/severity.ts';

/** Labels of models as people say them. */
const labels: Record<string, string> = {
  abstained: 'Abstained: not judged',
  empty: 'Empty',
  loaded: 'Loaded',
  load: 'Load',
};

export const labelWords = (label: string): string =>
  labels[label] ?? label.charAt(0).toUpperCase() + label.slice(1).replaceAll('-', ' ');

/** What a model says beside its score, as far as people can use it: its reasons, and the area of a load. */
export function evidenceWords({ evidence }: Pick<FindingView, 'evidence'>): string | undefined {
  if (typeof evidence !== 'object' || evidence === null) return undefined;
  const { reasons, areaM2, loadM2 } = evidence as Record<string, unknown>;
  const area = typeof areaM2 === 'number' ? areaM2 : loadM2;
  const said = [
    ...(typeof area === 'number' && area > 0 ? [`${area.toFixed(2)} m² of load`] : []),
    ...(Array.isArray(reasons) ? reasons.filter((each) => typeof each === 'string') : []),
  ];
  return said.length > 0 ? said.join('; ') : undefined;
}

/** How sure, in words, for those who hear or cannot tell colours. */
export function scoreWords(score: number): string {
  if (score >= 0.95) return 'very likely';
  if (score >= 0.75) return 'likely';
  if (score >= 0.4) return 'possible';
  return 'unlikely';
}

export const scorePercent = (score: number): string =>
  score >= 0.995 && score < 1 ? '> 99 %' : `${Math.round(score * 100)} %`;

export const findingWords = ({ label, score }: Pick<FindingView, 'label' | 'score'>): string =>
  label === 'abstained'
    ? labelWords(label)
    : `${labelWords(label)}, ${scoreWords(score)} (${scorePercent(score)})`;

/** The shape of a scan's verdict; no verdict yet is no shape at all. */
export const outcomeLook = ({ verdict }: Pick<ScanView, 'verdict'>): Look | undefined => verdict?.outcome;

export function outcomeWords(scan: Pick<ScanView, 'verdict' | 'state'>): string {
  if (!scan.verdict) return scan.state === 'live' ? 'Scanning' : 'Not judged yet';
  return { clear: 'Clear', suspect: 'Suspect', none: 'No verdict' }[scan.verdict.outcome];
}

export const placeWords: Record<ScanView['place'], string> = {
  box: 'At the box',
  fetching: 'On their way to the hub',
  hub: 'At the hub',
  gone: 'Past their retention: gone',
};
