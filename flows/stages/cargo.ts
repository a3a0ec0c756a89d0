import { Type } from 'typebox';
import { checkContainer } from '../container-number.ts';
import type { EventDraft, MessageOf } from '../message.ts';
import { type Out, process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { apart } from './apart.ts';
import { CargoConfig, checkCargo } from './cargo-config.ts';
import { Cargo, cargoLegs, isContainer, settledType } from './cargo-legs.ts';
import { refusal } from './faults.ts';
import { plain } from './points.ts';
import { byMoment, remembered, reviser } from './revise.ts';
import { eventTime, toIso } from './time.ts';

type Passage = MessageOf<'passage'>;

const Lane = Type.Object({
  passages: Type.Array(Type.Unknown(), { description: 'What was read there last.' }),
});
/** Passages of a lane that are kept at most. */
const mostInLane = 100;

/** `subject` is the container. A container that was read on a truck at the begin of a leg is held against the truck at its end. */
export const cargo = defineStage({
  type: 'cargo',
  summary:
    'Same cargo, other truck: holds the truck and the mass that gates read with a container against those at the begin of its way.',
  accepts: ['passage'],
  emits: ['event'],
  config: CargoConfig,
  state: Type.Union([remembered(Cargo), Lane]),
  outputs: () => ['late'],
  check: checkCargo,
  build(config, ctx) {
    const latenessMs = config.latenessSeconds * 1000;
    const pairMs = config.pairSeconds * 1000;
    const spaces = apart(ctx.state);
    const lanes = spaces.part('lane');
    const containers = reviser({ ...ctx, state: spaces.rest }, cargoLegs(config, ctx.node), {
      latenessMs,
      maxKeys: config.maxContainers,
    });
    const points = new Set(config.legs.flatMap(({ from, to }) => [...from, ...to]));

    /** Also where a reader does not say that it is a container. A wrong check digit is another container, or none. */
    function asRead(passage: Passage): Passage | undefined {
      const check = checkContainer(plain(passage.object));
      if (!check) return isContainer(passage) ? undefined : passage;
      if (!check.ok) return undefined;
      return {
        ...passage,
        object: plain(passage.object),
        attributes: { ...passage.attributes, container: true },
      };
    }

    /** What was read at the point and lane within the time of a pair. */
    function beside(passage: Passage): Passage[] {
      const key = `${passage.point}\t${passage.lane ?? ''}`;
      const ms = eventTime(passage);
      const known = (lanes.get(key) as { passages: Passage[] } | undefined)?.passages ?? [];
      const kept = known.filter((one) => ms - eventTime(one) <= pairMs + latenessMs);
      lanes.set(key, { passages: [...kept, passage].slice(-mostInLane) });
      return kept.filter((one) => Math.abs(ms - eventTime(one)) <= pairMs);
    }

    function take(container: string, passage: Passage, out: Out): void {
      if (!containers.take(container, passage, out)) ctx.send('late', passage);
      // until a plate has come, or none comes any more
      if (containers.get(container)?.visit?.judged === false)
        ctx.timers.set(container, ctx.clock.now() + pairMs + latenessMs);
      else ctx.timers.clear(container);
    }

    return process(ctx, {
      message(message, out) {
        if (message.kind !== 'passage')
          throw refusal('message.kind', { kind: message.kind, stage: 'cargo', accepted: 'passages' });
        if (!points.has(message.point) || message.confidence < config.minConfidence) return;
        const passage = asRead(message);
        if (!passage) return;
        const others = beside(passage);
        if (isContainer(passage)) {
          const plates = others.filter((one) => !isContainer(one));
          for (const one of [...plates, passage].sort(byMoment)) take(passage.object, one, out);
        } else for (const one of others) if (isContainer(one)) take(one.object, passage, out);
      },
      timer(container, _atMs, out) {
        const visit = containers.get(container)?.visit;
        if (!visit || visit.judged) return;
        const settled: EventDraft = {
          kind: 'event',
          type: settledType,
          time: toIso(visit.ms + pairMs),
          quality: 'good',
          attributes: {},
          data: {},
        };
        containers.lapse(container, settled, out);
      },
    });
  },
});
