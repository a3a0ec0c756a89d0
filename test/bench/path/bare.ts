import type { Scope } from '../scope.ts';
import { startChild } from './child.ts';
import { watchTopic } from './echo.ts';
import type { Broker } from './mosquitto.ts';
import { programOf } from './program.ts';
import { Schedule } from './schedule.ts';
import type { System } from './system.ts';

/** Starts the bare MQTT.js loop on the same Node as the box. */
export async function startBare(broker: Broker, folder: string, scope: Scope): Promise<System> {
  const prefix = 'bench/bare/in';
  const out = 'bench/bare/out';
  const schedule = new Schedule();
  const watch = await watchTopic(broker.url, out, schedule);
  scope.defer(watch.stop);
  const child = startChild(process.execPath, [programOf('bare-loop'), broker.url, prefix, out], {
    folder,
    name: 'bare',
    ipc: true,
  });
  scope.defer(child.stop);
  const answer = () =>
    Promise.race([
      child.died,
      new Promise<{ handled: number }>((resolve) => child.process.once('message', resolve)),
    ]);
  await answer();
  const ask = async (order: { echoEvery?: number }) => {
    const answered = answer();
    child.process.send(order);
    return (await answered).handled;
  };
  return {
    name: 'bare',
    prefix,
    schedule,
    child,
    seen: watch.seen,
    fences: false,
    handled: () => ask({}),
    showDelays: async (on) => void (await ask({ echoEvery: on ? 100 : 0 })),
  };
}
