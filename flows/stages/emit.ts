import { Type } from 'typebox';
import { type Emission, Priority } from '../event.ts';
import { checkExpression, compileExpression } from '../expression.ts';
import type { Message } from '../message.ts';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';
import { refusal } from './faults.ts';
import { parseIso, timeText, toIso } from './time.ts';

/** The message without what the event itself says: `kind`, `device`, `time` and `received`. */
function observed(message: Message): Record<string, unknown> {
  const { kind: _kind, device: _device, time: _time, received: _received, ...data } = message;
  return data;
}

const ownSubject = (message: Message): string | undefined =>
  'subject' in message && message.subject !== undefined ? message.subject : message.device;

export const emit = defineStage({
  type: 'emit',
  summary: 'Makes events of what reaches it and hands them to the outbox.',
  accepts: 'any',
  emits: [],
  config: Type.Object(
    {
      priority: Type.Enum(Priority.enum, {
        description: 'Which queue the events take to the hub: alarm before verdict before telemetry.',
        default: 'verdict',
      }),
      type: Type.Optional(
        Type.String({
          description:
            'Type of the events. When absent, a conclusion keeps its own and any other message becomes `quaywatch.<kind>.observed`.',
          pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+$',
          maxLength: 128,
        }),
      ),
      subject: Type.Optional(
        Type.String({
          description:
            'What the events are about (CEL), such as `m.container`. When absent, the subject that the message has, else its device.',
          minLength: 1,
        }),
      ),
    },
    { additionalProperties: false },
  ),
  check: (config) => (config.subject === undefined ? [] : checkExpression(config.subject, 'subject')),
  build(config, ctx) {
    const { priority, type } = config;
    const expression = config.subject === undefined ? undefined : compileExpression(config.subject);
    const subjectOf = (message: Message): string | undefined => {
      if (!expression) return ownSubject(message);
      const value = expression.value(message);
      return typeof value === 'string' ? value : JSON.stringify(value);
    };
    return process(ctx, {
      message(message) {
        const draft = message.kind === 'event' ? message : undefined;
        const subject = subjectOf(message);
        const time = timeText(message) ?? toIso(ctx.clock.now());
        if (!Number.isFinite(parseIso(time))) throw refusal('message.time', { time });
        const emission: { -readonly [field in keyof Emission]: Emission[field] } = {
          priority,
          type: type ?? draft?.type ?? `quaywatch.${message.kind}.observed`,
          time,
          data: draft?.data ?? observed(message),
          stage: draft?.stage ?? ctx.node,
        };
        if (subject !== undefined) emission.subject = subject;
        if (draft?.supersedes !== undefined) emission.supersedes = draft.supersedes;
        if (draft?.name !== undefined) emission.name = draft.name;
        if (draft?.corrects !== undefined) emission.corrects = draft.corrects;
        ctx.emit(emission);
      },
    });
  },
});
