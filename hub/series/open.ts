import type { HubConfig } from '../config.ts';
import { openInfluxSeries } from './influx.ts';
import type { SeriesStore } from './series.ts';
import { openSqliteSeries } from './sqlite.ts';

/** Where the config says that time series are kept; `file` is that of SQLite. */
export async function openSeries(config: HubConfig['series'], file: string): Promise<SeriesStore> {
  const { influx, pointDays = 30, minuteDays = 400 } = config;
  const days = { pointDays, minuteDays };
  return influx ? openInfluxSeries(influx, days) : openSqliteSeries(file, days);
}
