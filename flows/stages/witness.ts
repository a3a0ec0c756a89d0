import { type Static, Type } from 'typebox';
import type { Message, MessageOf } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage } from '../stage.ts';
import {
  type Claim,
  type Contradiction,
  claimStep,
  contradiction,
  type Fix,
  fixStep,
  noTestimony,
  Testimony,
} from '../tracks/testimony.ts';
import { apart } from './apart.ts';
import type { Tell } from './corrections.ts';
import { refusal } from './faults.ts';
import { eventAbout, onEarth } from './fixes.ts';
import { admit, deviceOf } from './keys.ts';
import { checkPoints, plain } from './points.ts';
import { byMoment, remembered, reviser } from './revise.ts';
import { eventTime, toIso } from './time.ts';
import { WitnessConfig } from './witness-config.ts';

type Position = MessageOf<'position'>;
type Passage = MessageOf<'passage'>;

const Plate = Type.Object({ device: Type.String({ description: 'Who bears the plate.' }) });
/** Passages of what no fix has come of yet, or none of their moment. */
const Waiting = Type.Object({
  ms: Type.Number({ description: 'Time of the newest, epoch ms.' }),
  passages: Type.Array(Type.Unknown(), { description: 'The passages.' }),
});
type Waiting = Static<typeof Waiting>;
/** Objects of which passages wait, at most, and passages of each. */
const maxWaiting = 5000;
const maxPassages = 20;

const cellKey = (cell: unknown): string | undefined => {
  if (typeof cell !== 'object' || cell === null) return undefined;
  const { mcc, mnc, lac, id } = cell as Record<string, unknown>;
  return lac === undefined || id === undefined ? undefined : [mcc, mnc, lac, id].join(',');
};

/** What passes through a point, is served by a cell or is located by a network cannot be far from it, whatever its receiver says. */
export const witness = defineStage({
  type: 'witness',
  summary: 'Holds fixes against who else saw the device: gates and cameras, cells of mobile networks.',
  accepts: ['position', 'passage', 'identity'],
  emits: ['event'],
  config: WitnessConfig,
  state: Type.Union([remembered(Testimony), Plate, Waiting]),
  outputs: () => ['late'],
  check: ({ points }) => checkPoints(points),
  build(config, ctx) {
    const spaces = apart(ctx.state);
    const plates = spaces.part('plate');
    const waiting = spaces.part('waiting');
    const held = spaces.part('held');
    const points = new Map(config.points.map((point) => [point.point, point]));
    const cells = new Map(config.cells.map((cell) => [cellKey(cell), cell]));

    function tellOf(device: string, { claim, fix, distanceM, allowedM }: Contradiction, tell: Tell): void {
      const { ms, lon, lat, by, witness: kind, object } = claim;
      const data = { reason: 'witness', witness: kind, by, object, at: [lon, lat], distanceM, allowedM };
      const place = { lon: fix.lon, lat: fix.lat };
      tell(eventAbout('quaywatch.track.spoof', device, toIso(ms), ctx.node, { ...data, ...place }));
    }

    /** A point that read the device. */
    function readAt(passage: Passage, ms: number): Claim | undefined {
      const point = points.get(passage.point);
      if (!point) return undefined;
      const { lon, lat, radiusM } = point;
      return { ms, lon, lat, radiusM, by: passage.point, witness: 'point', object: passage.object };
    }

    /** The cell that served the device at a fix. */
    function servedBy(position: Position, ms: number): Claim | undefined {
      const cell = cells.size > 0 ? cells.get(cellKey(position.attributes.cell)) : undefined;
      if (!cell) return undefined;
      const { lon, lat, radiusM, lac, id } = cell;
      return { ms, lon, lat, radiusM, by: `${lac}-${id}`, witness: 'cell', object: deviceOf(position) };
    }

    /** A place that is the network's, not the receiver's. */
    function locatedBy(position: Position, ms: number): Claim | undefined {
      const { lon, lat, attributes } = position;
      if (attributes.locatedBy !== 'cells' || !onEarth(position) || (lon === 0 && lat === 0))
        return undefined;
      const object = deviceOf(position);
      return { ms, lon, lat, radiusM: config.networkRadiusM, by: 'network', witness: 'network', object };
    }

    function fixOf(position: Position, ms: number): Fix {
      const { lon, lat, accuracyM = 0 } = position;
      return { ms, lon, lat, offM: config.noiseM + accuracyM };
    }

    function takeFix(known: Testimony, position: Position, ms: number, tell: Tell): void {
      known.device = deviceOf(position);
      const fix = fixOf(position, ms);
      for (const found of fixStep(known, fix, config)) tellOf(known.device, found, tell);
      const cell = servedBy(position, ms);
      const miss = cell && contradiction(cell, fix, config);
      known.misses = miss ? known.misses + 1 : 0;
      if (miss && known.misses === config.cellFixes) tellOf(known.device, miss, tell);
    }

    const devices = reviser<Testimony>(
      { ...ctx, state: spaces.rest },
      {
        step(before, message, tell) {
          const known = before ?? noTestimony();
          const ms = eventTime(message);
          if (message.kind === 'position' && message.fix) takeFix(known, message, ms, tell);
          const claim =
            message.kind === 'passage'
              ? readAt(message, ms)
              : message.kind === 'position' && !message.fix
                ? locatedBy(message, ms)
                : undefined;
          const found = claim && claimStep(known, claim, config);
          if (found) tellOf(known.device, found, tell);
          return known;
        },
      },
      { latenessMs: config.latenessSeconds * 1000, maxKeys: config.maxDevices },
    );

    function take(key: string, message: Message, out: Out): void {
      if (!devices.take(key, message, out)) ctx.send('late', message);
    }

    /** Passages of a device that no fix of their moment has come of: until one has, or for so long. */
    function hold(key: string, passage: Passage, out: Out): void {
      const ms = eventTime(passage);
      const known = held.get(key) as Waiting | undefined;
      const passages = [...(known?.passages ?? []), passage];
      const isSettled = (devices.get(key)?.last?.ms ?? Number.NEGATIVE_INFINITY) >= ms;
      if (config.settleSeconds === 0 || isSettled || passages.length > maxPassages) {
        take(key, passage, out);
        return;
      }
      held.set(key, { ms: Math.max(known?.ms ?? 0, ms), passages });
      if (!known) ctx.timers.set(key, ctx.clock.now() + config.settleSeconds * 1000);
    }

    /** What was held of a device, and is to be judged now. */
    function release(key: string): Passage[] {
      const known = held.get(key) as Waiting | undefined;
      if (!known) return [];
      held.delete(key);
      ctx.timers.clear(key);
      return known.passages as Passage[];
    }

    /** Until a fix says that there is such a device: nearly all that a gate reads has no receiver that is heard. */
    function wait(key: string, passage: Passage): void {
      const known = waiting.get(key) as Waiting | undefined;
      if (!known && waiting.size >= maxWaiting) {
        const oldest = [...waiting.keys()]
          .map((one) => ({ one, ms: (waiting.get(one) as Waiting).ms }))
          .sort((a, b) => a.ms - b.ms);
        for (const { one } of oldest.slice(0, maxWaiting / 2)) waiting.delete(one);
      }
      const passages = [...(known?.passages ?? []), passage].slice(-maxPassages);
      waiting.set(key, { ms: Math.max(known?.ms ?? 0, eventTime(passage)), passages });
    }

    function pass(passage: Passage, out: Out): void {
      if (!points.has(passage.point) || passage.quality === 'bad') return;
      if (passage.confidence < config.minConfidence) return;
      const read = plain(passage.object);
      const key = (plates.get(read) as Static<typeof Plate> | undefined)?.device ?? read;
      if (devices.get(key)) hold(key, passage, out);
      else wait(key, passage);
    }

    function locate(position: Position, out: Out): void {
      if (position.quality === 'bad' || (position.fix && !onEarth(position))) return;
      const key = plain(deviceOf(position));
      const known = waiting.get(key) as Waiting | undefined;
      if (known) waiting.delete(key);
      const ms = eventTime(position);
      const ripe = position.fix && (held.get(key) as Waiting | undefined);
      const settled = ripe && ripe.ms <= ms ? release(key) : [];
      const all: Message[] = [...((known?.passages ?? []) as Passage[]), ...settled, position];
      for (const message of all.sort(byMoment)) take(key, message, out);
    }

    /** Who bears the plate; what was read of it meanwhile is of that device. */
    function bear({ plate, ...identity }: MessageOf<'identity'>, out: Out): void {
      if (plate === undefined) return;
      const read = plain(plate);
      const device = plain(deviceOf(identity));
      admit(plates, read, config.maxDevices);
      plates.set(read, { device });
      const known = waiting.get(read) as Waiting | undefined;
      if (!known || read === device) return;
      waiting.delete(read);
      for (const passage of known.passages as Passage[]) pass(passage, out);
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind === 'position') locate(message, out);
        else if (message.kind === 'passage') pass(message, out);
        else if (message.kind === 'identity') bear(message, out);
        else
          throw refusal('message.kind', {
            kind: message.kind,
            stage: 'witness',
            accepted: 'positions, passages and identities',
          });
      },
      timer(key, _atMs, out) {
        for (const passage of release(key).sort(byMoment)) take(key, passage, out);
      },
    });
  },
});
