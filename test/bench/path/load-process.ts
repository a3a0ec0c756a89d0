import { type Child, startChild } from './child.ts';
import type { LoadOrder, LoadReport } from './load.ts';
import { programOf } from './program.ts';

export interface Load {
  readonly child: Child;
  /** Resolves when everything is published and the broker has answered for all of it. */
  publish(order: LoadOrder): Promise<LoadReport>;
}

/** Starts the load generator against the broker on `port` of loopback. */
export async function startLoad(port: number, folder: string): Promise<Load> {
  const child = startChild(process.execPath, [programOf('load'), String(port)], {
    folder,
    name: 'load',
    ipc: true,
  });
  const answer = <T>() =>
    Promise.race([child.died, new Promise<T>((resolve) => child.process.once('message', resolve))]);
  await answer();
  return {
    child,
    publish: (order) => {
      const report = answer<LoadReport>();
      child.process.send(order);
      return report;
    },
  };
}
