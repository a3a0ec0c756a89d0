import type { FindingMessage, ScanModel } from '#flows/inference';
import type { FrameSource } from '#flows/scan';
import { abstention } from '#models/abstain';
import type { LoadedBundle } from '#models/bundle/load';
import { faults } from '#models/faults';
import { ModelShelf } from '#models/models';
import { decodeThrough, type PictureFacts, pictureFacts, readPlanes } from '#models/picture/read';
import { type Calibration, missing, pictureScan } from '#models/picture/scan';
import type { Provider } from '#models/runner/protocol';
import type { ModelTask } from '#models/tasks/task';
import { type CommandIo, write } from '../command.ts';
import { type Place, problemOf, tell } from './bundles.ts';

export interface InferCall {
  readonly calibration: Calibration;
  readonly deployment?: string | undefined;
  readonly providers: readonly Provider[];
  readonly tasks?: Readonly<Record<string, () => Promise<ModelTask>>>;
}

/** Pixels of the picture at hand. */
class Pictures implements FrameSource {
  current: FrameSource | undefined;
  read: FrameSource['read'] = (frame, before) =>
    this.current?.read(frame, before) ??
    Promise.reject(faults.fault('picture.unreadable', { detail: 'none is open' }));
}

/** Strip by strip, as in the stream; what could not be looked at is told to the model. */
async function judge(model: ScanModel, { frames }: ReturnType<typeof pictureScan>, signal: AbortSignal) {
  const stop = {
    get stopped() {
      return signal.aborted;
    },
    onStop: (listener: () => void) => signal.addEventListener('abort', listener, { once: true }),
  };
  let known: unknown;
  for (const frame of frames) {
    signal.throwIfAborted();
    try {
      known = model.add(known, frame, await model.run(frame, stop)).known;
    } catch (error) {
      known = model.miss(known, frame, error instanceof Error ? error.message : String(error));
    }
  }
  const last = frames.at(-1);
  return last ? model.conclude(known, last) : [];
}

const aboutPicture = ({ format, columns, rows, bits, planes, colour }: PictureFacts) => ({
  format,
  columns,
  rows,
  bits,
  planes,
  colour,
});

/** Findings on pictures, a line each: judged when all that a scanner would say of them is known, else abstained. */
export async function infer(
  bundle: LoadedBundle,
  files: readonly string[],
  call: InferCall,
  place: Place,
  io: CommandIo,
): Promise<number> {
  const pictures = new Pictures();
  const { providers, calibration, deployment } = call;
  const onNotice = (problem: Parameters<typeof tell>[1]) => tell(io, problem);
  const shelf = new ModelShelf({
    ...place.load,
    frames: pictures,
    onNotice,
    runner: { default: { providers } },
    ...(call.tasks && { tasks: call.tasks }),
  });
  const { id, version } = bundle.manifest;
  let loaded = false;
  /** The model is only loaded for a picture that can be judged. */
  const model = async (): Promise<ScanModel> => {
    if (!loaded) await shelf.load(bundle.folder);
    loaded = true;
    const found = shelf.model(id, deployment === undefined ? {} : { deployment });
    if (!found) throw faults.fault('model.unknown', { id });
    return found;
  };
  const look = async (file: string): Promise<readonly FindingMessage[]> => {
    const facts = await pictureFacts(file);
    const reasons = missing(facts, calibration);
    if (reasons.length > 0) {
      await decodeThrough(file, facts);
      return [abstention(bundle, reasons, { picture: aboutPicture(facts) })];
    }
    const scan = pictureScan(file, facts, await readPlanes(file, facts), calibration);
    pictures.current = scan.source;
    return judge(await model(), scan, io.signal);
  };
  let wrong = 0;
  try {
    for (const file of files) {
      try {
        for (const finding of await look(file)) {
          const attributes = { ...finding.attributes, file };
          await write(io.stdout, `${JSON.stringify({ ...finding, attributes })}\n`);
        }
      } catch (error) {
        if (io.signal.aborted) return 1;
        wrong += 1;
        tell(io, problemOf(error));
      }
    }
    if (!bundle.signed && !loaded)
      tell(io, faults.problem('bundle.unsigned', { id, version }, bundle.folder));
  } finally {
    await shelf.close();
  }
  return wrong > 0 ? 1 : 0;
}
