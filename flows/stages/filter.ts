import { Type } from 'typebox';
import { checkExpression, compileExpression } from '../expression.ts';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';

export const filter = defineStage({
  type: 'filter',
  summary: 'Lets through the messages for which a condition holds.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object(
    {
      when: Type.String({
        description: 'Condition (CEL), such as `m.kind == "position" && speedKph > 80`.',
        minLength: 1,
      }),
    },
    { additionalProperties: false },
  ),
  check: (config) => checkExpression(config.when, 'when', 'bool'),
  build(config, ctx) {
    const when = compileExpression(config.when, 'bool');
    return process(ctx, {
      message(message, out) {
        if (when.holds(message)) out(message);
      },
    });
  },
});
