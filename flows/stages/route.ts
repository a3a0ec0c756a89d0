import { Type } from 'typebox';
import { checkExpression, compileExpression } from '../expression.ts';
import { process } from '../process.ts';
import { defineStage } from '../stage.ts';

const portName = (description: string) =>
  Type.String({ description, pattern: '^[a-z][a-zA-Z0-9-]*$', maxLength: 64 });

export const route = defineStage({
  type: 'route',
  summary: 'Sends each message out of the port of the first condition that holds.',
  accepts: 'any',
  emits: 'same',
  config: Type.Object(
    {
      routes: Type.Array(
        Type.Object(
          {
            port: portName('Output port.'),
            when: Type.String({ description: 'Condition (CEL).', minLength: 1 }),
          },
          { additionalProperties: false },
        ),
        { description: 'Conditions in order; several may lead to one port.', minItems: 1, maxItems: 100 },
      ),
      otherwise: Type.Optional(portName('Port of what no condition holds for; `out` when absent.')),
    },
    { additionalProperties: false },
  ),
  outputs(config) {
    const ports = config.routes.map((one) => one.port);
    if (config.otherwise !== undefined) ports.push(config.otherwise);
    return [...new Set(ports)].filter((port) => port !== 'out');
  },
  check(config) {
    const reserved = (port: string | undefined, path: string) =>
      port === 'error' ? [{ path, message: 'error is the port of what could not be handled' }] : [];
    return [
      ...config.routes.flatMap((one, i) => [
        ...checkExpression(one.when, `routes[${i}].when`, 'bool'),
        ...reserved(one.port, `routes[${i}].port`),
      ]),
      ...reserved(config.otherwise, 'otherwise'),
    ];
  },
  build(config, ctx) {
    const routes = config.routes.map(({ port, when }) => ({ port, when: compileExpression(when, 'bool') }));
    const { otherwise = 'out' } = config;
    return process(ctx, {
      message(message, out) {
        const port = routes.find((one) => one.when.holds(message))?.port ?? otherwise;
        if (port === 'out') out(message);
        else ctx.send(port, message);
      },
    });
  },
});
