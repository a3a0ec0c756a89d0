import type { Fault } from './fault.ts';

interface Document {
  readonly id: string;
  readonly version: number;
  readonly nodes: readonly { readonly id: string; readonly stage?: string; readonly config: object }[];
  readonly wires: readonly { readonly from: string; readonly to: string }[];
}

/** The same flow with a stage more, or without it, in front of the last; no state is lost by it. */
function changed(flow: Document, version: number): Document {
  const more = version % 2 === 0;
  const last = flow.wires.at(-1);
  if (!last || !more) return { ...flow, version };
  const all = { id: 'all', stage: 'filter', config: { when: 'true' } };
  const out = flow.nodes.at(-1);
  return {
    ...flow,
    version,
    nodes: [...flow.nodes.slice(0, -1), all, ...(out ? [out] : [])],
    wires: [...flow.wires.slice(0, -1), { from: last.from, to: all.id }, { from: all.id, to: last.to }],
  };
}

/** The hub sends a release that changes every flow while messages come. */
export const changeFlow: Fault = {
  name: 'flow change',
  kills: 0,
  async run({ stand, random }) {
    const version = 2 + Math.floor(random() * 1000);
    const flows = stand.flows.map((flow) => changed(flow as Document, version));
    await stand.api.ask(`/boxes/${stand.boxId}/release`, { flows });
  },
};
