import { useMemo } from 'react';
import type { Names } from '../format/sentence.ts';
import { useStore } from '../state/store.ts';
import { useScreen } from './screen-context.tsx';

/** Names of fences and boxes for their ids, as far as they are known. */
export function useNames(): Names {
  const screen = useScreen();
  const layers = useStore(screen.layers);
  const boxes = useStore(screen.fleet.live);
  return useMemo(() => {
    const fences = new Map(
      (layers?.fences.features ?? []).map((feature) => {
        const { id, name } = feature.properties ?? {};
        return [String(id), typeof name === 'string' ? name : String(id)];
      }),
    );
    const boxNames = new Map(boxes.map((box) => [box.box, box.name]));
    return { fence: (id) => fences.get(id) ?? id, box: (id) => boxNames.get(id) ?? id };
  }, [layers, boxes]);
}
