import { memo } from 'react';
import type { ScanView } from '#hub/api/types';
import { age, utcMoment } from '../../format/time.ts';
import { Mark } from '../../parts/mark.tsx';
import { scanPath } from '../../state/scan-model.ts';
import { outcomeLook, outcomeWords, scorePercent } from '../words.ts';
import { LiveThumbnail } from './live-thumbnail.tsx';

interface Props {
  readonly scan: ScanView;
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly selected: boolean;
  readonly now: number;
  readonly onSelect: (index: number) => void;
  readonly onOpen: (index: number) => void;
}

/** One scan of the gallery: its picture, what it was, and what was concluded. */
export const ScanCard = memo(({ scan, index, now, ...props }: Props) => {
  const look = outcomeLook(scan);
  const { left, top, width, height } = props;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the grid has the focus and names its active card
    <div
      id={`scan-${index}`}
      role="option"
      aria-selected={props.selected}
      className={`scan-card ${look ?? 'open'}`}
      data-testid="scan-card"
      data-scan={scan.scan}
      data-outcome={scan.verdict?.outcome ?? scan.state}
      style={{ left, top, width, height }}
      onClick={() => props.onSelect(index)}
      onDoubleClick={() => props.onOpen(index)}
    >
      <Thumbnail scan={scan} />
      <span className="what">
        <span className="strong subject">{scan.subject ?? 'not known yet'}</span>
        <time className="muted nowrap" dateTime={scan.started} title={utcMoment(Date.parse(scan.started))}>
          {scan.state === 'live' ? 'now' : age(Date.parse(scan.started), now)}
        </time>
      </span>
      <span className="what">
        <span className={`outcome ${look ?? 'open'}`}>
          {look && <Mark look={look} />} {outcomeWords(scan)}
          {scan.verdict && scan.verdict.outcome !== 'none' && (
            <span className="muted"> {scorePercent(scan.verdict.confidence)}</span>
          )}
        </span>
        <span className="muted scanner">{scan.scanner}</span>
      </span>
    </div>
  );
});

function Thumbnail({ scan }: { scan: ScanView }) {
  if (scan.thumbnail)
    return (
      <span className="thumbnail">
        <img
          src={`/api/v1${scanPath(scan)}/thumbnail`}
          alt=""
          loading="lazy"
          decoding="async"
          draggable={false}
        />
        {scan.verdict?.simulationValidated && (
          <span className="tag" title="The model was validated on simulated scans alone">
            simulation-validated
          </span>
        )}
      </span>
    );
  if (scan.state === 'live') return <LiveThumbnail scan={scan} />;
  return (
    <span className="thumbnail none">
      <span className="muted">no picture{scan.place === 'gone' ? ' any more' : ' yet'}</span>
    </span>
  );
}
