import { type Static, Type } from 'typebox';
import type { Position } from '../message.ts';
import { type Out, process } from '../process.ts';
import { type Chain, Matcher, newChain, type Settled } from '../roads/match.ts';
import { buildNetwork } from '../roads/network.ts';
import { matchDefaults } from '../roads/rules.ts';
import { signatureOf } from '../roads/signature.ts';
import { defineStage, type KeyedState } from '../stage.ts';
import { refusal } from './faults.ts';
import { admit, deviceOf } from './keys.ts';
import { checkRoads, MatchConfig, roadsOf } from './match-config.ts';
import { eventTime } from './time.ts';

const Matching = Type.Object({
  roads: Type.Number({ description: 'Signature of the roads that the candidates are of.' }),
  ms: Type.Number({ description: 'Event time of the newest position, epoch ms.' }),
  settled: Type.Boolean({
    description: 'The first column is given out and only where the way goes on from.',
  }),
  columns: Type.Array(
    Type.Object({
      item: Type.Unknown({ description: 'The position, and the clock when it came.' }),
      lon: Type.Number({ description: 'Longitude, degrees.' }),
      lat: Type.Number({ description: 'Latitude, degrees.' }),
      candidates: Type.Array(Type.Unknown(), { description: 'Places on roads that it may have been at.' }),
      scores: Type.Array(Type.Number(), { description: 'Log likelihood of each.' }),
      parents: Type.Array(Type.Number(), { description: 'Where the best way to each comes from.' }),
    }),
    { description: 'Positions that are not decided, in order.' },
  ),
});
interface Waiting {
  readonly position: Position;
  /** Clock when it came, epoch ms. */
  readonly seenMs: number;
}
type Matching = Omit<Static<typeof Matching>, 'columns'> & Chain<Waiting>;

/** `attributes.road`, `.offsetM` and `.distanceM` of what passes; `road` is null off all roads. */
export const match = defineStage({
  type: 'match',
  summary:
    'Says on which road each position was, a few positions later; what is out of order leaves by `late`.',
  accepts: ['position'],
  emits: ['position'],
  config: MatchConfig,
  state: Matching,
  outputs: () => ['late'],
  check: checkRoads,
  build(config, ctx) {
    const matcher = new Matcher(buildNetwork(roadsOf(config, ctx.resources)), {
      ...config,
      maxStepM: matchDefaults.maxStepM,
    });
    const roads = signatureOf(matcher.network);
    const state = ctx.state as KeyedState<Matching>;
    const gapMs = config.gapSeconds * 1000;
    const lagMs = config.lagSeconds * 1000;

    function send(settled: readonly Settled<Waiting>[], out: Out): void {
      for (const { item, at } of settled) {
        const { position } = item;
        const { road, offsetM } = at ? matcher.place(at) : { road: null, offsetM: null };
        const distanceM = at ? at.distanceM : null;
        out({ ...position, attributes: { ...position.attributes, road, offsetM, distanceM } });
      }
    }

    function add(chain: Chain<Waiting>, item: Waiting): Settled<Waiting>[] {
      const { fix, quality } = item.position;
      return matcher.add(chain, item, { ...item.position, usable: fix && quality !== 'bad' });
    }

    /** The state of a device; what was undecided on other roads is thought over on these. */
    function stateOf(device: string, ms: number, out: Out): Matching {
      const known = state.get(device);
      if (!known) return { roads, ms, ...newChain() };
      if (known.roads === roads) return known;
      const fresh: Matching = { roads, ms: known.ms, ...newChain() };
      for (const { item } of known.columns.slice(known.settled ? 1 : 0)) send(add(fresh, item), out);
      return fresh;
    }

    function keep(device: string, matching: Matching): void {
      state.set(device, matching);
      const oldest = matching.columns[matching.settled ? 1 : 0];
      if (oldest) ctx.timers.set(device, oldest.item.seenMs + lagMs);
      else ctx.timers.clear(device);
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'position')
          throw refusal('message.kind', { kind: message.kind, stage: 'match', accepted: 'positions' });
        if (!(Math.abs(message.lon) <= 180 && Math.abs(message.lat) <= 90))
          throw refusal('message.invalid', { kind: 'position', detail: 'it is on no place of the Earth' });
        const device = deviceOf(message);
        const ms = eventTime(message);
        admit(state, device, config.maxDevices);
        const matching = stateOf(device, ms, out);
        if (ms < matching.ms) return ctx.send('late', message);
        if (ms - matching.ms > gapMs) {
          send(matcher.end(matching), out);
          Object.assign(matching, newChain());
        }
        send(add(matching, { position: message, seenMs: ctx.clock.now() }), out);
        matching.ms = ms;
        keep(device, matching);
      },
      timer(device, atMs, out) {
        const matching = stateOf(device, 0, out);
        const due = matching.columns.findLastIndex(({ item }) => item.seenMs + lagMs <= atMs);
        send(matcher.decide(matching, due), out);
        keep(device, matching);
      },
      flush(out) {
        for (const device of [...state.keys()].sort()) {
          const matching = stateOf(device, 0, out);
          send(matcher.end(matching), out);
          state.set(device, matching);
        }
      },
    });
  },
});
