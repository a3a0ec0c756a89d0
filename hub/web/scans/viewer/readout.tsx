import { useMemo } from 'react';
import type { ScanDetail } from '#hub/api/types';
import { length, type Point } from '../draw/view.ts';
import { windowWords } from '../draw/window.ts';
import { classAt, classTable } from '../material/class-table.ts';
import { arealMass, curvesOf } from '../material/curves.ts';
import { percent } from '../pixels/depth.ts';
import { planesOf } from '../planes.ts';
import { meanDepth } from './measure.ts';
import type { Pixels } from './use-pixels.ts';

interface Props {
  readonly scan: ScanDetail;
  readonly pixels: Pixels;
  readonly probe: Point | undefined;
  readonly window: { readonly level: number; readonly width: number };
}

/** What the pixel under the cross hair says, in figures and words. */
export function Readout({ scan, pixels, probe, window }: Props) {
  const curves = useMemo(() => curvesOf(scan.energiesMv), [scan.energiesMv]);
  const table = useMemo(() => curves && classTable(curves), [curves]);
  const { high, low } = planesOf(scan);
  const { store } = pixels;
  const at = probe && { x: Math.floor(probe.x), y: Math.floor(probe.y) };
  const value = at && store?.sample(high, at.x, at.y);
  if (!at || !store || !value)
    return (
      <p className="readout muted" data-testid="readout">
        Window {windowWords(window)} transmission · point at the picture, or move the cross hair with the
        arrow keys, for figures
      </p>
    );
  const lowValue = curves && store.sample(low, at.x, at.y);
  const around = meanDepth(store, high, at, scan.airLevel);
  const aroundLow = curves ? meanDepth(store, low, at, scan.airLevel) : undefined;
  const ratio =
    around !== undefined && aroundLow !== undefined && around > 0.02 ? aroundLow / around : undefined;
  const known =
    table && ratio !== undefined && around !== undefined ? classAt(table, around, ratio) : undefined;
  return (
    <p className="readout" data-testid="readout">
      <Figure name="from the front">{length(at.x * scan.pixelMm)}</Figure>
      <Figure name="from the top">{length(at.y * scan.pixelMm)}</Figure>
      <Figure name="T high">
        {percent(value.value / scan.airLevel)} <span className="muted">{value.value}</span>
      </Figure>
      {lowValue && (
        <Figure name="T low">
          {percent(lowValue.value / scan.airLevel)} <span className="muted">{lowValue.value}</span>
        </Figure>
      )}
      {curves && around !== undefined && (
        <Figure name="mass">{arealMass(curves, around).toFixed(1)} g/cm²</Figure>
      )}
      {ratio !== undefined && <Figure name="R, 7 × 7">{ratio.toFixed(3)}</Figure>}
      {known && <Figure name="material">{materialWords(known.name, known.sure)}</Figure>}
      {value.step > 1 && (
        <span className="muted">
          mean of {value.step} × {value.step}
        </span>
      )}
    </p>
  );
}

/** A class is said with how sure it is: what is thin or too dense is not said at all. */
export function materialWords(name: string, sure: number): string {
  if (sure < 0.25) return 'not to be told at this thickness';
  return sure < 0.7 ? `perhaps ${name}` : name;
}

function Figure({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <span className="figure">
      <span className="muted">{name}</span> {children}
    </span>
  );
}
