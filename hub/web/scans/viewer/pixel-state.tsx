import type { ScanDetail } from '#hub/api/types';
import { bytes } from '../../format/number.ts';
import { Problem } from '../../parts/problem.tsx';
import { useScreen } from '../../parts/screen-context.tsx';
import { useStore } from '../../state/store.ts';
import type { Pixels } from './use-pixels.ts';

/** Where the pixels are when they are not here, and what one can do about it. */
export function PixelState({ scan, pixels, live }: { scan: ScanDetail; pixels: Pixels; live: boolean }) {
  const screen = useScreen();
  const { refused } = useStore(screen.scan.open);
  if (pixels.problem)
    return (
      <div className="scan-note wide">
        <Problem problem={pixels.problem} onRetry={pixels.retry} />
      </div>
    );
  if (scan.place === 'hub') return null;
  if (live)
    return pixels.store && pixels.store.bytes() > 0 ? null : (
      <p className="scan-note" data-testid="pixel-state">
        The scan has begun: its lines are shown as they come.
      </p>
    );
  if (scan.place === 'gone')
    return (
      <p className="scan-note" data-testid="pixel-state">
        The pixels are past their retention and gone
        {scan.thumbnail ? '; this is the small picture that was kept' : ''}. The verdict and what it rests on
        are kept.
      </p>
    );
  const got = scan.bytes ? (scan.fetched ?? 0) / scan.bytes : 0;
  return (
    <div className="scan-note" data-testid="pixel-state">
      {scan.place === 'box' ? (
        <>
          <p>
            {scan.thumbnail && !(pixels.store && pixels.store.bytes() > 0) && 'This is the small picture. '}
            The pixels are at the box{scan.bytes === undefined ? '' : ` (${bytes(scan.bytes)})`}.{' '}
            {pixels.store && pixels.store.bytes() > 0 && 'What is shown came live.'}
          </p>
          <button
            type="button"
            className="button"
            data-testid="fetch"
            onClick={() => void screen.scan.fetch()}
          >
            Fetch them
          </button>
        </>
      ) : (
        <p>
          On their way: {Math.round(got * 100)} %{scan.bytes !== undefined && ` of ${bytes(scan.bytes)}`}
          <progress value={got} max="1" />
        </p>
      )}
      {refused && <Problem problem={refused} />}
    </div>
  );
}
