import { useEffect, useRef } from 'react';
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import { utcTime } from '../format/time.ts';
import { themeEvent } from '../frame/use-theme.ts';
import { useScreen } from '../parts/screen-context.tsx';
import type { Sample } from '../state/history.ts';
import { useStore } from '../state/store.ts';

const charts: readonly { title: string; unit: string; of: (sample: Sample) => number }[] = [
  { title: 'Received', unit: 'messages/s', of: (s) => s.receivedRate },
  { title: 'Waiting in outbox', unit: 'events', of: (s) => s.pending },
  { title: 'Lag', unit: 'ms', of: (s) => s.lagMs },
];

/** What the box said of itself since this screen was opened, ten minutes at most. */
export function BoxHistory({ box }: { box: string }) {
  const samples = useStore(useScreen().fleet.history).get(box) ?? [];
  return (
    <section data-testid="box-history">
      <h3>Since this screen was opened</h3>
      {samples.length < 3 ? (
        <p className="muted">Gathering: a box reports every few seconds.</p>
      ) : (
        <div className="charts">
          {charts.map(({ title, unit, of }) => (
            <figure key={title}>
              <figcaption>
                {title} <span className="muted">{unit}</span>{' '}
                <span className="strong">
                  {of(samples.at(-1) as Sample).toFixed(unit === 'events' ? 0 : 1)}
                </span>
              </figcaption>
              <Chart times={samples.map((s) => s.time / 1000)} values={samples.map(of)} />
            </figure>
          ))}
        </div>
      )}
    </section>
  );
}

function Chart({ times, values }: { times: number[]; values: number[] }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const data = useRef<[number[], number[]]>([times, values]);
  data.current = [times, values];
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element.clientWidth), data.current, element);
    };
    draw();
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    window.addEventListener(themeEvent, draw);
    return () => {
      observer.disconnect();
      window.removeEventListener(themeEvent, draw);
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData([times, values]), [times, values]);
  return <div ref={place} className="chart" />;
}

const height = 110;

function options(width: number): uPlot.Options {
  const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--muted'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    // Moments are UTC everywhere on the screen.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
    series: [{}, { stroke: colour('--text'), width: 1.5, points: { show: false } }],
    axes: [
      {
        ...axis,
        size: 22,
        space: 80,
        values: (_, splits) => splits.map((s) => utcTime(s * 1000)),
      },
      { ...axis, size: 44 },
    ],
  };
}
