import { useMemo, useRef } from 'react';
import type { ScanDetail } from '#hub/api/types';
import {
  endsOf,
  grey,
  type Window,
  wholeWindow,
  windowBetween,
  windowOf,
  windowWords,
} from '../draw/window.ts';
import type { ScanLook } from '../look.ts';
import { depthTable, maxDepth, percent, transmissionOf } from '../pixels/depth.ts';
import { planesOf, viewOfLook } from '../planes.ts';
import { bins, histogram } from './histogram.ts';
import type { SetLook } from './use-look.ts';
import type { Pixels } from './use-pixels.ts';

interface Props {
  readonly scan: ScanDetail;
  readonly pixels: Pixels;
  readonly look: ScanLook;
  readonly setLook: SetLook;
}

const ticks = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001];

/** How much of the scan lets how much through, on a log scale, and the window on it: drag its ends or its middle. */
export function DensityStrip({ scan, pixels, look, setLook }: Props) {
  const place = useRef<SVGSVGElement>(null);
  const grip = useRef<{ part: 'from' | 'to' | 'both'; at: number; window: Window } | undefined>(undefined);
  const window = look.window ?? wholeWindow;
  const [from, to] = endsOf(window);
  const plane = viewOfLook(look, scan) === 'low' ? planesOf(scan).low : planesOf(scan).high;
  const depths = useMemo(() => depthTable(scan.airLevel), [scan.airLevel]);
  // Counted anew now and then while a scan grows.
  const age = pixels.version < 24 ? pixels.version : Math.floor(pixels.version / 8);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `age` stands for the samples
  const shares = useMemo(
    () =>
      pixels.store
        ? histogram(pixels.store.coarse(), { columns: pixels.columns, rows: scan.rows }, plane, depths)
        : new Float32Array(bins),
    [pixels.store, age, pixels.columns, scan.rows, plane, depths],
  );
  const x = (depth: number) => (Math.min(maxDepth, Math.max(0, depth)) / maxDepth) * 1000;
  const area = `M0 60${[...shares].map((share, i) => `L${((i + 0.5) / bins) * 1000} ${60 - share * 54}`).join('')}L1000 60Z`;
  const depthAt = (clientX: number) => {
    const box = place.current?.getBoundingClientRect();
    return box ? ((clientX - box.left) / box.width) * maxDepth : 0;
  };

  return (
    <div className="density-strip" data-testid="density-strip">
      <svg
        ref={place}
        viewBox="0 0 1000 60"
        preserveAspectRatio="none"
        role="img"
        aria-label={`Window ${windowWords(window)} transmission`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const at = depthAt(event.clientX);
          const near = 0.18;
          const part = Math.abs(at - from) < near ? 'from' : Math.abs(at - to) < near ? 'to' : 'both';
          const inside = at > from && at < to;
          grip.current = {
            part,
            at,
            window: part !== 'both' || inside ? window : windowOf(at, window.width),
          };
        }}
        onPointerMove={(event) => {
          const held = grip.current;
          if (!held) return;
          const by = depthAt(event.clientX) - held.at;
          const [a, b] = endsOf(held.window);
          if (held.part === 'both') setLook({ window: windowOf(held.window.level + by, held.window.width) });
          else
            setLook({
              window:
                held.part === 'from'
                  ? windowBetween(Math.min(a + by, b), b)
                  : windowBetween(a, Math.max(a, b + by)),
            });
        }}
        onPointerUp={() => {
          grip.current = undefined;
        }}
      >
        <defs>
          <linearGradient id="window-ramp" x1="0" x2="1" y1="0" y2="0">
            {[0, 0.25, 0.5, 0.75, 1].map((share) => {
              const depth = from + share * (to - from);
              const value = Math.round(255 * grey(window, depth, look.gamma ?? 1, look.inverted ?? false));
              return <stop key={share} offset={share} stopColor={`rgb(${value} ${value} ${value})`} />;
            })}
          </linearGradient>
        </defs>
        <path className="bars" d={area} />
        <rect className="window" x={x(from)} width={Math.max(2, x(to) - x(from))} height="60" />
        <rect x={x(from)} y="52" width={Math.max(2, x(to) - x(from))} height="8" fill="url(#window-ramp)" />
        <path className="end" d={`M${x(from)} 0v60M${x(to)} 0v60`} />
      </svg>
      <div className="ticks" aria-hidden="true">
        {ticks.map((t) => (
          <span key={t} style={{ left: `${(-Math.log(t) / maxDepth) * 100}%` }}>
            {percent(t)}
          </span>
        ))}
      </div>
      <span className="visually-hidden">{percent(transmissionOf(window.level))}</span>
    </div>
  );
}
