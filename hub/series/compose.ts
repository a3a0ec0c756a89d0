import type { HubConfig } from '../config.ts';
import type { Store } from '../store/store.ts';
import { openInfluxSeries } from './influx.ts';
import { createProjector } from './projector.ts';
import { openSqliteSeries } from './sqlite.ts';

/** Time series where the config says that they are kept, `file` for SQLite, and what writes them from stored events. */
export async function composeSeries(
  { number, series: config, store: { postgres } }: HubConfig,
  file: string,
  { records, documents }: Store,
  onFailure: (error: unknown) => void,
) {
  const { influx, pointDays = 30, minuteDays = 400 } = config;
  const days = { pointDays, minuteDays };
  const series = influx ? await openInfluxSeries(influx, days) : openSqliteSeries(file, days);
  // Of hubs that share the records each has a file of its own to fill.
  const cursor = postgres && !influx ? `series.cursor.${number}` : 'series.cursor';
  const projector = createProjector({ records, documents, cursor, series, onFailure });
  return {
    series,
    projector,
    async closeSeries(): Promise<void> {
      await projector.close();
      await series.close();
    },
  };
}
