import { useState } from 'react';
import type { BeltView, Board } from '#hub/api/types';
import { BeltPanel } from './belt-panel.tsx';
import { HoldPlan } from './hold-plan.tsx';
import { IncrementPanel } from './increment-panel.tsx';
import { Instruments } from './instruments.tsx';
import { LotFacts, LotPanel } from './lot-panel.tsx';
import { LotsTable } from './lots-table.tsx';
import { StripChart, type StripPoint, stripOf } from './strip-chart.tsx';

/** Quantities with a strip, in this order, and the least span of its axis. */
const strips: readonly { readonly name: string; readonly least: number }[] = [
  { name: 'Fe', least: 2 },
  { name: 'SiO2', least: 2 },
  { name: 'Al2O3', least: 1 },
  { name: 'P', least: 0.04 },
  { name: 'LOI', least: 2 },
  { name: 'H2O', least: 2 },
];

/** The screen of a berth, at the hub and at its box: the newest lot, or the one that was chosen. */
export function BerthScreen({
  name,
  board,
  view,
  now,
  reportOf,
  chartsAt,
}: {
  name: string;
  board: Board;
  view: BeltView | undefined;
  now: number;
  reportOf: (ship: string) => string;
  /** Address of the control charts. */
  chartsAt: string;
}) {
  const [open, setOpen] = useState<string | undefined>(undefined);
  const [selected, setSelected] = useState<number | undefined>(undefined);
  // The next one is announced while the one before is on the belt.
  const running = board.lots.findLast(({ verdict }) => !verdict) ?? board.lots[0];
  const lot = board.lots.find((one) => one.lot === open) ?? running;
  if (lot === undefined)
    return (
      <div className="berth" data-testid="berth-screen">
        <p className="muted berth-empty">No lot was announced at {name} yet.</p>
      </div>
    );
  const { increments, declared } = lot;
  const seenT = increments.reduce((sum, { massKg }) => sum + massKg, 0) / 1000;
  const totalT = Math.max(seenT, declared.massT ?? 0, 1);
  const increment = increments.find((one) => one.increment === selected);
  const selectedT = increment && increment.fromT + increment.massKg / 2000;
  const radiation: StripPoint[] = increments.flatMap(({ fromT, massKg, stages }) => {
    const value = stages.radiation?.facts?.sigmas;
    return value === undefined ? [] : [{ fromT, toT: fromT + massKg / 1000, value, half: 0 }];
  });
  return (
    <div className="berth" data-testid="berth-screen">
      <header className="berth-head">
        <h1>{name}</h1>
        <span>
          {declared.ship ? `${declared.ship} · ` : ''}
          {declared.brand}
        </span>
        <span
          className="simulated"
          title="Its models have been trained and tested on simulated ore; no real ore was ever seen."
        >
          models of simulated ore only
        </span>
      </header>
      <div className="berth-main">
        <section className="plan-panel">
          <h2>
            Tonnes by hold <span className="muted">{increments.length} increments</span>
            <span className="legend">
              <i className="clear" /> clear <i className="suspect" /> suspect <i className="none" /> no
              verdict <i className="ahead" /> to come
            </span>
          </h2>
          <HoldPlan lot={lot} selected={selected} onSelect={setSelected} />
        </section>
        {increment && <IncrementPanel increment={increment} onClose={() => setSelected(undefined)} />}
        <section className="strips">
          <h2>
            Composition <span className="muted">mass percent along the lot, with its 95 % interval</span>
          </h2>
          {strips.map(({ name: quantity, least }) => (
            <StripChart
              key={quantity}
              name={quantity}
              unit="%"
              points={stripOf(increments, quantity)}
              totalT={totalT}
              least={least}
              selectedT={selectedT}
            />
          ))}
          <StripChart
            name="Radiation"
            unit="σ"
            points={radiation}
            totalT={totalT}
            least={8}
            limit={5}
            selectedT={selectedT}
            figures={(value) => value.toFixed(1)}
          />
        </section>
        <LotFacts lot={lot} />
        <section className="lots-panel">
          <h2>Lots</h2>
          <LotsTable
            lots={board.lots}
            open={lot.lot}
            onOpen={(id) => {
              setOpen(id);
              setSelected(undefined);
            }}
            reportOf={reportOf}
          />
        </section>
      </div>
      <div className="berth-side">
        <LotPanel lot={lot} />
        <BeltPanel view={view} now={now} />
        <Instruments board={board} chartsAt={chartsAt} />
      </div>
    </div>
  );
}
