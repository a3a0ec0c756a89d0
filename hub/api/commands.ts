import { Type } from 'typebox';
import { Zone } from '#flows/command';
import type { Boxes } from '../boxes.ts';
import type { DeviceCommands } from '../device-commands.ts';
import { faults } from '../faults.ts';
import { type Api, actorOf, BoxPath, closed, Moment, maySee } from './route.ts';
import type { CommandActions, CommandList, CommandView } from './types.ts';

const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 200 });
const CommandBody = Type.Object(
  {
    box: text('Id of the box.'),
    flow: text('Flow.'),
    node: text('Driver node that the device is heard at.'),
    device: text('Device.'),
    action: text('Action, as the driver names it.'),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'As the action has them.' }),
    ),
    reason: Type.String({ description: 'Why, in words.', minLength: 3, maxLength: 500 }),
    container: Type.Optional(text('Container that the seal is on.')),
    zone: Type.Optional(Zone),
    notBefore: Type.Optional(Type.String({ ...Moment, description: 'From when on; now when absent.' })),
    notAfter: Type.Optional(
      Type.String({ ...Moment, description: 'Until when; ten minutes after its begin when absent.' }),
    ),
    timeoutSeconds: Type.Optional(
      Type.Number({
        description: 'Time for the acknowledgement and the report of the device; 60 when absent.',
        minimum: 1,
        maximum: 600,
      }),
    ),
  },
  closed,
);
const CommandPath = Type.Object({ id: text('Id of the command.') }, closed);

export interface CommandRoutes {
  readonly commands: DeviceCommands;
  readonly boxes: Boxes;
}

/** GET /commands, /commands/actions; POST /commands, /commands/:id/approve */
export function commandRoutes(api: Api, { commands, boxes }: CommandRoutes): void {
  api.get(
    '/commands',
    { config: { role: 'viewer' }, schema: { summary: 'Commands to devices, newest first' } },
    (request): CommandList => ({ commands: commands.list().filter(({ site }) => maySee(request, site)) }),
  );

  api.get(
    '/commands/actions',
    {
      config: { role: 'viewer' },
      schema: { summary: 'What the devices of a box can be told', querystring: BoxPath },
    },
    (request): CommandActions => {
      const view = boxes.get(request.query.box);
      if (!view || !maySee(request, view.site))
        throw faults.fault('api.notFound', { what: `box ${request.query.box}` });
      return { actions: commands.actions(view.box) };
    },
  );

  api.post(
    '/commands',
    {
      config: { role: 'operator' },
      schema: {
        summary: 'Asks for a command to a device; one that moves something waits for a second person',
        body: CommandBody,
      },
    },
    async (request, reply): Promise<CommandView> => {
      const view = boxes.get(request.body.box);
      if (!view || view.link === 'revoked' || !maySee(request, view.site))
        throw faults.fault('api.notFound', { what: `enrolled box ${request.body.box}` });
      reply.status(202);
      return commands.ask(request.body, actorOf(request));
    },
  );

  api.post(
    '/commands/:id/approve',
    {
      config: { role: 'inspector' },
      schema: { summary: 'Approves a command that another person has asked for', params: CommandPath },
    },
    async (request, reply): Promise<CommandView> => {
      const { id } = request.params;
      const view = commands.get(id);
      if (!view || !maySee(request, view.site)) throw faults.fault('api.notFound', { what: `command ${id}` });
      reply.status(202);
      return commands.approve(id, actorOf(request));
    },
  );
}
