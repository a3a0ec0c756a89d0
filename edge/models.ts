import { existsSync } from 'node:fs';
import type { BoxConfig } from '#firmware-config/box';
import type { Problem } from '#flows/fault';
import type { Models } from '#flows/inference';
import type { FrameSource } from '#flows/scan';
import type { Calibrations } from '#flows/spectral-calibration';
import type { Status } from '#flows/wire';
import type { LoadedBundle } from '#models/bundle/load';
import type { ModelShelf } from '#models/models';
import { calibrationsOf } from './calibrations.ts';
import { faults } from './faults.ts';
import { pinned } from './uplink/commands.ts';

export interface ModelsOptions {
  /** Folder of the bundles that were released to this box; it need not be there. */
  readonly released: string;
  readonly config: Required<BoxConfig['models']>;
  readonly frames: FrameSource;
  /** Ed25519 public key of the hub, base64; without it no bundle counts as signed. */
  readonly releaseKey: string | undefined;
  readonly say: (problem: Problem) => void;
}

/** The models of a box. */
export interface BoxModels {
  /** What flows may ask for; nothing of ONNX Runtime is loaded before there is a bundle. */
  readonly resources: { readonly models: Models; readonly calibrations: Calibrations };
  /** Newest right version of a bundle of tables, or of a calibration. */
  tables(id: string): LoadedBundle | undefined;
  /** Proves a bundle and gives new scans to it; rejects with the fault for which it is not used. */
  use(folder: string): Promise<void>;
  health(): NonNullable<Status['models']>;
  close(): Promise<void>;
}

/** Longest wait for models before flows start without those that are not ready, ms. */
const patienceMs = 20_000;

/**
 * Opens the bundles of the configured folders. A bundle that is wrong is told and left out, and one that takes too
 * long comes later: a box starts in any case, and a flow without its model concludes nothing.
 */
export async function openModels(options: ModelsOptions): Promise<BoxModels> {
  const { config, released, say } = options;
  // What was released comes first: what is older in the box's own folders is then left alone.
  const folders = [...(existsSync(released) ? [released] : []), ...config.folders];
  let shelf: Promise<ModelShelf> | undefined;
  let opened: ModelShelf | undefined;
  const open = () => {
    shelf ??= openShelf(options).then((made) => {
      opened = made;
      return made;
    });
    return shelf;
  };
  const load = async () => {
    for (const folder of folders) {
      if (existsSync(folder)) await (await open()).loadAll(folder);
      else say(faults.problem('models.folder', { folder }, folder));
    }
  };
  await inTime(load(), () => say(faults.problem('models.late', { seconds: patienceMs / 1000 })));
  return {
    resources: {
      models: { model: (id, use) => opened?.model(id, use) },
      calibrations: calibrationsOf((id) => opened?.tables(id)),
    },
    tables: (id) => opened?.tables(id),
    use: async (folder) => void (await (await open()).load(folder)),
    health: () => [
      ...(opened?.health() ?? []).map(healthOf),
      ...(opened?.allTables() ?? []).map(healthOfTables),
    ],
    close: async () => (await shelf)?.close(),
  };
}

async function openShelf({ config, frames, releaseKey, say }: ModelsOptions): Promise<ModelShelf> {
  const { allowUnsigned, providers, workers, threads } = config;
  const { ModelShelf: Shelf } = await import('#models/models');
  return new Shelf({
    frames,
    onNotice: say,
    signedOnly: !allowUnsigned,
    ...(releaseKey === undefined ? {} : { verifier: pinned(releaseKey) }),
    runner: { default: { providers, workers, threads } },
  });
}

/** Resolves with the work, or when it takes too long and that was said. */
async function inTime(work: Promise<void>, tooLate: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      tooLate();
      resolve();
    }, patienceMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** Tables have no threads of their own: what asks for them does the arithmetic. */
const healthOfTables = ({ manifest: { id, version }, signed }: LoadedBundle) => ({
  id,
  version,
  signed,
  provider: 'cpu',
  state: 'running' as const,
  waiting: 0,
  restarts: 0,
  missed: 0,
});

type Health = ReturnType<ModelShelf['health']>[number];

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
