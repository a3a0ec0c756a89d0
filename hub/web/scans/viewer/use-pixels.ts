import { useEffect, useRef, useState } from 'react';
import type { ApiProblem, ScanDetail } from '#hub/api/types';
import { ApiFault, type Client, problemOf } from '../../api/client.ts';
import { samplesAt } from '../../api/strip.ts';
import { screenProblem } from '../../faults.ts';
import { useScreen } from '../../parts/screen-context.tsx';
import { type ScanKey, sameScan } from '../../state/address.ts';
import { scanPath } from '../../state/scan-model.ts';
import type { TileKey } from '../pixels/levels.ts';
import { createPixelStore, type PixelStore, type Samples } from '../pixels/store.ts';

export interface Pixels {
  readonly store: PixelStore | undefined;
  /** Columns that are known of, by the scan's own word or by the strips. */
  readonly columns: number;
  /** Counts up with every sample that comes. */
  readonly version: number;
  readonly problem: ApiProblem | undefined;
  readonly retry: () => void;
}

/** The samples of a scan: live strips while it grows, tiles from the hub once that has the file. */
export function usePixels(scan: ScanDetail, live: boolean): Pixels {
  const screen = useScreen();
  const [version, setVersion] = useState(0);
  const [problem, setProblem] = useState<ApiProblem | undefined>(undefined);
  const [grown, setGrown] = useState(0);
  const store = useRef<PixelStore>(undefined);
  const { box, scan: id, rows } = scan;
  const planes = scan.planes.length;
  // A coarse strip may reach a little beyond the last column: the end is what the scan says at its end.
  const columns = scan.ended === undefined ? Math.max(scan.columns, grown) : scan.columns;
  const columnsNow = useRef(columns);
  columnsNow.current = columns;

  useEffect(() => {
    let frame = 0;
    // Strips come many a second; the picture is drawn once a frame.
    const onChange = () => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        setVersion((n) => n + 1);
      });
    };
    const made = createPixelStore({
      extent: { columns: Math.max(1, columnsNow.current), rows },
      planes,
      load: undefined,
      onChange,
      onFailed: (error) => setProblem(problemOf(error)),
    });
    store.current = made;
    onChange();
    const stop = screen.scans.onStrip(({ header, samples }) => {
      if (!sameScan(header, { box, scan: id }) || header.planes.length !== planes) return;
      const { step, column0 } = header;
      if (Math.ceil(rows / step) !== header.rows) return;
      made.strip({ column0: column0 / step, rows: header.rows, step, samples });
      setGrown((now) => Math.max(now, column0 + header.columns * step));
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
      made.close();
      store.current = undefined;
    };
  }, [screen, box, id, rows, planes]);

  useEffect(() => {
    if (!live) return;
    screen.scans.watched.set([{ box, scan: id }]);
    return () => screen.scans.watched.set([]);
  }, [screen, box, id, live]);

  useEffect(() => store.current?.grow(columns), [columns]);

  const atHub = scan.place === 'hub';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a store made anew has to be told again
  useEffect(() => {
    setProblem(undefined);
    if (!atHub) return store.current?.setLoad(undefined);
    store.current?.setLoad((key, from, to, signal) =>
      loadSamples(
        screen.client,
        { box, scan: id },
        planes,
        key,
        { from, to, columns: columnsNow.current },
        signal,
      ),
    );
  }, [screen, box, id, rows, planes, atHub]);

  const retry = () => {
    setProblem(undefined);
    store.current?.retry();
  };
  return { store: store.current, columns, version, problem, retry };
}

async function loadSamples(
  client: Client,
  scan: ScanKey,
  planes: number,
  { step }: TileKey,
  span: { from: number; to: number; columns: number },
  signal: AbortSignal,
): Promise<Samples> {
  const path = `${scanPath(scan)}/pixels`;
  const from = span.from * step;
  const query = { from, columns: Math.min(span.to * step, span.columns) - from, step };
  const { headers, data } = await client.bytes(path, query, signal);
  const [columns, rows, found] = ['x-columns', 'x-rows', 'x-planes'].map((name) => Number(headers.get(name)));
  const count = (columns ?? 0) * (rows ?? 0) * planes;
  if (!rows || found !== planes || count === 0 || data.byteLength !== count * 2)
    throw new ApiFault(screenProblem('hub.answer', path));
  return { column0: span.from, rows, step, samples: samplesAt(data, 0, count) };
}
