import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Fault } from '#flows/fault';
import { faults } from '../faults.ts';
import type { Prepare } from '../tasks/task.ts';
import { BatchMemory } from './batch-memory.ts';
import { chooseEngine } from './choose.ts';
import type { Engine } from './engine.ts';
import { NativeGate } from './native-gate.ts';
import type { FromWorker, ThreadSetup, ToWorker } from './protocol.ts';

/** The thread that runs one version of one model, and nothing else: it may hang or end without harm to others. */

/** Linux has niceness by thread: what the box does for its devices goes before the models. */
function yieldToOthers(niceness: number): void {
  if (niceness === 0) return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(19, getPriority(thread) + niceness));
  } catch {
    // Without it models run at the priority of the process, as on any other system.
  }
}

async function loadPrepare(address: string | undefined): Promise<Prepare | undefined> {
  if (address === undefined) return undefined;
  const module = (await import(address)) as { prepare: Prepare };
  return module.prepare;
}

function serve(port: MessagePort, engine: Engine, memory: BatchMemory): void {
  const answer = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  port.on('message', async ({ batch, samples }: ToWorker) => {
    try {
      const outputs = memory.split(await engine.run(memory.gather(samples)), samples.length);
      answer({ batch, outputs: outputs.samples }, outputs.buffers);
    } catch (error) {
      answer({ batch, failed: error instanceof Error ? error.message : String(error) });
    }
  });
}

async function main(port: MessagePort, setup: ThreadSetup): Promise<void> {
  yieldToOthers(setup.niceness);
  try {
    const memory = new BatchMemory(setup.manifest, await loadPrepare(setup.prepare));
    const { engine, ready } = await chooseEngine({ ...setup, native: new NativeGate(setup.gate) });
    serve(port, engine, memory);
    port.postMessage({ ready } satisfies FromWorker);
  } catch (error) {
    const { id, version } = setup.manifest;
    const detail = error instanceof Error ? error.message : String(error);
    const unfit =
      error instanceof Fault ? error.problem : faults.problem('model.load', { id, version, detail });
    port.postMessage({ unfit } satisfies FromWorker);
  }
}

if (parentPort) await main(parentPort, workerData as ThreadSetup);
