import { once } from 'node:events';
import { shrinkAtRest } from '#firmware-config/rest';
import { composeHub, type Hub } from './compose.ts';
import { readHubConfig } from './config.ts';

export interface HubOptions {
  /** Aborted: the hub stops softly. */
  readonly signal: AbortSignal;
  /** Everything listens: one line for a person, and where it is. */
  readonly onReady?: (line: string, hub: Omit<Hub, 'close'>) => void;
}

/** Runs one hub until the signal. Throws faults of the config, the ports, the keys and the store. */
export async function runHub(configFile: string, { signal, onReady }: HubOptions): Promise<void> {
  const config = await readHubConfig(configFile);
  const { close, ...hub } = await composeHub(config);
  const stopShrinking = shrinkAtRest();
  try {
    onReady?.(`${config.name} is at ${hub.url}; sign in once with ${hub.signInUrl}`, hub);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    stopShrinking();
    await close();
  }
}
