import { useCallback, useEffect, useState } from 'react';
import type { ApiProblem, CommandActions, CommandList, CommandView, CommandWish } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { useScreen } from '../parts/screen-context.tsx';

const againMs = 2000;

export interface Commands {
  readonly actions: CommandActions['actions'];
  /** Of the device, newest first. */
  readonly commands: readonly CommandView[];
  readonly problem?: ApiProblem;
}

/** What a device can be told and what it was told, asked anew every two seconds and after each step. */
export function useCommands(box: string, device: string) {
  const { client } = useScreen();
  const [state, setState] = useState<Commands>({ actions: [], commands: [] });
  const [asked, setAsked] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` asks again
  useEffect(() => {
    const stop = new AbortController();
    const ask = async () => {
      const [{ actions }, { commands }] = await Promise.all([
        client.get<CommandActions>('/commands/actions', { box }, stop.signal),
        client.get<CommandList>('/commands', {}, stop.signal),
      ]);
      const own = commands.filter((command) => command.box === box && command.device === device);
      setState((before) => ({ ...before, actions, commands: own }));
    };
    const tell = (error: unknown) => {
      if (!stop.signal.aborted) setState((before) => ({ ...before, problem: problemOf(error) }));
    };
    ask().catch(tell);
    const timer = setInterval(() => void ask().catch(tell), againMs);
    return () => {
      clearInterval(timer);
      stop.abort();
    };
  }, [client, box, device, asked]);

  /** Resolves to whether the hub took it. */
  const send = useCallback(
    async (path: string, body: CommandWish | Record<string, never>): Promise<boolean> => {
      try {
        await client.send('POST', path, body);
        setState(({ problem: _, ...before }) => before);
        return true;
      } catch (error) {
        setState((before) => ({ ...before, problem: problemOf(error) }));
        return false;
      } finally {
        setAsked((count) => count + 1);
      }
    },
    [client],
  );
  return { ...state, send };
}
