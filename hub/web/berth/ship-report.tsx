import type { BoardLot, ShipReport } from '#hub/api/types';
import { StateWord } from '../parts/state-word.tsx';
import { HoldPlan } from './hold-plan.tsx';
import { Composition, Why } from './lot-panel.tsx';
import { StripChart, stripOf } from './strip-chart.tsx';
import { coverageOf, massOf, massPercent, percent, stateOf, tonnes } from './words.ts';

interface PolicyView {
  readonly id?: string;
  readonly version?: string;
  readonly documents?: readonly {
    readonly title: string;
    readonly kind: string;
    readonly confidence: string;
  }[];
}
interface ModelView {
  readonly id: string;
  readonly version: string;
  readonly signed: boolean;
  readonly simulated: boolean;
}

function LotReport({ lot }: { lot: BoardLot }) {
  const { declared, verdict, draw, increments, alarms } = lot;
  const policy = (verdict?.policy ?? lot.policy) as PolicyView | undefined;
  const models = (verdict?.models ?? []) as readonly ModelView[];
  const mass = increments.reduce((sum, { massKg }) => sum + massKg, 0) / 1000;
  const counts = (outcome: string) => increments.filter((one) => one.outcome === outcome).length;
  return (
    <section className="report-lot" data-testid="report-lot">
      <h2>
        Lot {lot.lot}: <b>{stateOf(lot).word}</b>
      </h2>
      <p>
        Declared {declared.brand} of {declared.mine}, loaded at {declared.port}, by {declared.shipper}
        {declared.massT ? `, ${tonnes(declared.massT)} t` : ''}
        {declared.declaration ? `, declaration ${declared.declaration}` : ''}. Weighed {tonnes(mass)} t
        {verdict
          ? ` from ${dayAndMinute(verdict.from)} to ${dayAndMinute(verdict.to)}`
          : ', not yet concluded'}
        ; {percent(coverageOf(lot))} of the mass judged by all stages. Increments: {counts('clear')} clear,{' '}
        {counts('suspect')} suspect, {counts('none')} without verdict.
      </p>
      <Why lot={lot} />
      <HoldPlan lot={lot} selected={undefined} onSelect={() => undefined} />
      {['Fe', 'LOI'].map((name) => (
        <StripChart
          key={name}
          name={name}
          unit="%"
          points={stripOf(increments, name)}
          totalT={Math.max(mass, declared.massT ?? 0, 1)}
          least={2}
        />
      ))}
      <Composition lot={lot} />
      {alarms.length > 0 && (
        <table className="composition">
          <thead>
            <tr>
              <th>alarm</th>
              <th>stage</th>
              <th>tonnes</th>
              <th>what it seems to be</th>
              <th>follows</th>
            </tr>
          </thead>
          <tbody>
            {alarms.map(({ time, stage, fromT, toT, label, action }) => (
              <tr key={`${time} ${stage} ${fromT}`}>
                <td>{time.slice(11, 19)} UTC</td>
                <td>{stage}</td>
                <td>
                  {tonnes(fromT)} to {tonnes(toT)}
                </td>
                <td>{label}</td>
                <td>{action}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="small">
        {draw
          ? `Ladder: ${String(draw.ladder)}, rung ${String(draw.rung)}, drawn ${Number(draw.drawn).toFixed(4)} before the lot began: ${String(draw.reason)}. `
          : ''}
        {policy
          ? `Policy ${policy.id} ${policy.version}: ${(policy.documents ?? []).map(({ title, kind, confidence }) => `${title} (${kind}, ${confidence})`).join('; ')}. `
          : ''}
        {models.length > 0
          ? `Judged by ${models.map(({ id, version, signed, simulated }) => `${id} ${version}${signed ? '' : ', unsigned'}${simulated ? ', simulated ore only' : ''}`).join('; ')}.`
          : ''}
      </p>
    </section>
  );
}

const dayAndMinute = (time: unknown): string =>
  typeof time === 'string' ? `${time.slice(0, 10)} ${time.slice(11, 16)} UTC` : '–';

interface Interval {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** What somebody who decides needs first: a row for each lot, and the policies that they were judged by. */
function Summary({ lots }: { lots: readonly BoardLot[] }) {
  const policies = [
    ...new Set(
      lots.flatMap(({ verdict, policy }) => {
        const { id, version } = (verdict?.policy ?? policy ?? {}) as PolicyView;
        return id ? [`${id}, version ${version ?? '?'}`] : [];
      }),
    ),
  ];
  return (
    <section className="report-summary" data-testid="report-summary">
      <table>
        <thead>
          <tr>
            <th>lot</th>
            <th>verdict: what to do</th>
            <th>weighed, t</th>
            <th>judged</th>
            <th>Fe, 95 % interval</th>
            <th>samples</th>
            <th>why</th>
          </tr>
        </thead>
        <tbody>
          {lots.map((lot) => {
            const { look, word } = stateOf(lot);
            const iron = (lot.verdict?.values as Record<string, Interval> | undefined)?.Fe;
            const reasons = Array.isArray(lot.verdict?.reasons)
              ? lot.verdict.reasons.map(String)
              : lot.alarms.map(({ reason }) => reason);
            return (
              <tr key={lot.lot}>
                <th>{lot.lot}</th>
                <td>
                  <StateWord look={look} word={word} />
                </td>
                <td className="number">{tonnes(massOf(lot))}</td>
                <td className="number">{percent(coverageOf(lot))}</td>
                <td className="number">
                  {iron
                    ? `${massPercent(iron.value)} (${massPercent(iron.lower)} to ${massPercent(iron.upper)})`
                    : '–'}
                </td>
                <td>
                  {lot.samples.length === 0
                    ? 'none asked for'
                    : `increment ${lot.samples.map(({ increment }) => increment).join(', ')}`}
                </td>
                <td>
                  {reasons[0] ?? 'Nothing speaks against it.'}
                  {reasons.length > 1 ? ` And ${reasons.length - 1} more.` : ''}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p>
        {policies.length > 0 ? `Judged by policy ${policies.join('; ')}. ` : 'No policy is named. '}
        <b>No verdict is no clearance</b>, and what is clear may still be drawn for inspection.
      </p>
    </section>
  );
}

/** The report of a ship: a page to read, to print, or to keep as PDF. */
export function ShipReportPage({ report }: { report: ShipReport }) {
  return (
    <article className="report" data-testid="report">
      <header>
        <h1>
          {report.ship} at {report.berth}
        </h1>
        <button type="button" className="button no-print" onClick={() => window.print()}>
          Print, or save as PDF
        </button>
      </header>
      <p className="report-warning">
        The models behind this report have been trained and tested on simulated ore alone. It is no
        certificate, and no claim of conformance with any standard.
      </p>
      <Summary lots={report.lots} />
      {report.lots.map((lot) => (
        <LotReport key={lot.lot} lot={lot} />
      ))}
      <footer className="small">
        Printed {dayAndMinute(report.printed)}. Intervals are of 95 % and hold the bias of calibration.
      </footer>
    </article>
  );
}
