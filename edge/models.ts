import { existsSync } from 'node:fs';
import type { BoxConfig } from '#firmware-config/box';
import type { Problem } from '#flows/fault';
import type { Models } from '#flows/inference';
import type { FrameSource } from '#flows/scan';
import type { Status } from '#flows/wire';
import { faults } from './faults.ts';
import { pinned } from './uplink/commands.ts';

export interface ModelsOptions {
  readonly config: Required<BoxConfig['models']>;
  readonly frames: FrameSource;
  /** Ed25519 public key of the hub, base64; without it no bundle counts as signed. */
  readonly releaseKey: string | undefined;
  readonly say: (problem: Problem) => void;
}

/** The models of a box. */
export interface BoxModels {
  /** Undefined where no folder of bundles is configured: then nothing of ONNX Runtime is loaded. */
  readonly models: Models | undefined;
  health(): NonNullable<Status['models']>;
  close(): Promise<void>;
}

/** Longest wait for models before flows start without those that are not ready, ms. */
const patienceMs = 20_000;

/**
 * Opens the bundles of the configured folders. A bundle that is wrong is told and left out, and one that takes too
 * long comes later: a box starts in any case, and a flow without its model concludes nothing.
 */
export async function openModels({ config, frames, releaseKey, say }: ModelsOptions): Promise<BoxModels> {
  const { folders, allowUnsigned, providers, workers, threads } = config;
  if (folders.length === 0) {
    return { models: undefined, health: () => [], close: async () => undefined };
  }
  const { ModelShelf } = await import('#models/models');
  const shelf = new ModelShelf({
    frames,
    onNotice: say,
    signedOnly: !allowUnsigned,
    ...(releaseKey === undefined ? {} : { verifier: pinned(releaseKey) }),
    runner: { default: { providers, workers, threads } },
  });
  const load = async () => {
    for (const folder of folders) {
      if (existsSync(folder)) await shelf.loadAll(folder);
      else say(faults.problem('models.folder', { folder }, folder));
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      say(faults.problem('models.late', { seconds: patienceMs / 1000 }));
      resolve();
    }, patienceMs);
  });
  await Promise.race([load(), late]);
  clearTimeout(timer);
  return { models: shelf, health: () => shelf.health().map(healthOf), close: () => shelf.close() };
}

type Health = ReturnType<InstanceType<typeof import('#models/models').ModelShelf>['health']>[number];

function healthOf({ id, version, signed, provider, workers, waiting, restarts, refused, problem }: Health) {
  const missed = Object.values(refused).reduce((sum, count) => sum + count, 0);
  const running = workers.running;
  return {
    id,
    version,
    signed,
    provider,
    state: running > 0 ? ('running' as const) : ('down' as const),
    waiting,
    restarts,
    missed,
    ...(problem === undefined ? {} : { detail: problem.message }),
  };
}
