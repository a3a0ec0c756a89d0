import { filter, map, Subject } from 'rxjs';
import type { TObject } from 'typebox';
import { Type } from 'typebox';
import { compileFlow } from '#flows/compile/compile';
import type { FlowDocument } from '#flows/flow';
import type { Message } from '#flows/message';
import { process } from '#flows/process';
import { defineStage, type Operator, type Stage, type StageContext } from '#flows/stage';
import { type Memory, type Recall, type Steps, weigh } from './steps.ts';

/** What a side ended with: both must agree. */
export interface Result {
  readonly sent: number;
  readonly sum: number;
}

/** A flow that is ready to be pushed to. */
export interface Driven {
  push(message: Message): void;
  done(): void;
  result(): Result;
}

/** 20,000 positions of 200 devices, some of them useless. */
export function messages(): Message[] {
  return Array.from({ length: 20_000 }, (_, index) => ({
    kind: 'position',
    device: `truck-${index % 200}`,
    time: new Date(1.7e12 + index * 50).toISOString(),
    quality: index % 29 === 0 ? 'bad' : 'good',
    attributes: {},
    lon: 119.6 + Math.sin(index / 97) * 0.02,
    lat: 34.75 + Math.cos(index / 61) * 0.02,
    speedKph: (index * 7) % 90,
    courseDeg: (index * 13) % 360,
    fix: index % 31 !== 0,
  }));
}

/** The ten steps over RxJS's operators, as one would write them. */
export function byHand(steps: Steps): Driven {
  const source = new Subject<Message>();
  const memory = new Map<string, Memory>();
  let sent = 0;
  let sum = 0;
  source
    .pipe(
      filter(steps.hasFix),
      filter(steps.isGood),
      map(steps.withSpeed),
      filter(steps.isInPort),
      filter((message) => steps.isNews(message, memory)),
      map(steps.withHeading),
      filter(steps.isMoving),
      map(steps.withRisk),
      filter(steps.isRisky),
    )
    .subscribe((message) => {
      sent++;
      sum += weigh(message);
    });
  return {
    push: (message) => source.next(message),
    done: () => source.complete(),
    result: () => ({ sent, sum }),
  };
}

type Build = (ctx: StageContext) => Operator;

const stage = (type: string, build: Build): Stage =>
  defineStage<TObject>({
    type,
    summary: type,
    accepts: ['position'],
    emits: ['position'],
    config: Type.Object({}),
    build: (_config, ctx) => build(ctx),
  });

const passes =
  (when: (message: Message) => boolean): Build =>
  (ctx) =>
    process(ctx, {
      message(message, out) {
        if (when(message)) out(message);
      },
    });

const turns =
  (change: (message: Message) => Message): Build =>
  (ctx) =>
    process(ctx, {
      message(message, out) {
        out(change(message));
      },
    });

const recall = (ctx: StageContext): Recall => ctx.state as Recall;

/** The ten stages (the sink is the tenth), each as handlers and as RxJS operators. */
const both = (steps: Steps): readonly (readonly [name: string, handlers: Build, operators: Build])[] => {
  const filters = (when: (message: Message) => boolean) =>
    [passes(when), (): Operator => (input) => input.pipe(filter(when))] as const;
  const maps = (change: (message: Message) => Message) =>
    [turns(change), (): Operator => (input) => input.pipe(map(change))] as const;
  const isNews = (ctx: StageContext) => (message: Message) => steps.isNews(message, recall(ctx));
  return [
    ['has-fix', ...filters(steps.hasFix)],
    ['is-good', ...filters(steps.isGood)],
    ['speed', ...maps(steps.withSpeed)],
    ['in-port', ...filters(steps.isInPort)],
    ['news', (ctx) => passes(isNews(ctx))(ctx), (ctx) => (input) => input.pipe(filter(isNews(ctx)))],
    ['heading', ...maps(steps.withHeading)],
    ['moving', ...filters(steps.isMoving)],
    ['risk', ...maps(steps.withRisk)],
    ['risky', ...filters(steps.isRisky)],
  ];
};

export const compiled = (steps: Steps): Driven =>
  drive(both(steps).map(([name, build]) => stage(name, build)));
export const compiledRaw = (steps: Steps): Driven =>
  drive(both(steps).map(([name, , build]) => stage(name, build)));

/** Messages between two looks at what changed, as a box commits them. */
const groupMessages = 1000;

function drive(stages: readonly Stage[]): Driven {
  let sent = 0;
  let sum = 0;
  const sink = stage('sink', (ctx) =>
    process(ctx, {
      message(message) {
        sent++;
        sum += weigh(message);
      },
    }),
  );
  const all = [...stages, sink];
  const flow = compileFlow(documentOf(all), all, {
    clock: { now: () => 0 },
    resources: {},
    seed: 0,
    emit: () => {},
    fail: (error) => {
      throw new Error(error.detail);
    },
    wake: () => {},
    credit: () => {},
    changed: () => {},
  });
  let group = 0;
  const push = (message: Message): void => {
    flow.push('trucks', message);
    if (++group % groupMessages === 0) flow.changes();
  };
  return { push, done: () => flow.stop(), result: () => ({ sent, sum }) };
}

function documentOf(stages: readonly Stage[]): FlowDocument {
  const ids = ['trucks', ...stages.map(({ type }) => type)];
  const buffer = { capacity: 1024, overflow: 'block' } as const;
  return {
    id: 'graph',
    version: 1,
    nodes: [
      { id: 'trucks', driver: 'any', config: {} },
      ...stages.map(({ type }) => ({ id: type, stage: type, config: {} })),
    ],
    wires: stages.map(({ type }, index) => ({ from: ids[index] as string, to: type, buffer })),
  };
}
