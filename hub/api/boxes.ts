import { Type } from 'typebox';
import type { Audit } from '../audit.ts';
import type { Boxes } from '../boxes.ts';
import { faults } from '../faults.ts';
import type { Enrolment as Enrolments } from '../pki/enrolment.ts';
import { type Api, actorOf, BoxPath, closed, Moment, maySee, moment } from './route.ts';
import type { BoxList, BoxView, DeviceList, Enrolment } from './types.ts';

const At = Type.Object(
  { at: Type.Optional(Type.String({ ...Moment, description: 'As they were then; now when absent.' })) },
  closed,
);
const EnrolmentBody = Type.Object(
  {
    name: Type.String({ description: 'Label of the box.', minLength: 1, maxLength: 100 }),
    site: Type.String({ description: 'Site that it stands at.', minLength: 1, maxLength: 64 }),
  },
  closed,
);

export interface BoxRoutes {
  readonly boxes: Boxes;
  readonly enrolment: Enrolments;
  readonly audit: Audit;
  readonly sites: readonly { readonly id: string }[];
  /** Cuts the live connection of a box. */
  readonly cut: (box: string) => void;
}

/** GET /boxes, /boxes/:box, /devices; POST /enrolments; DELETE /boxes/:box */
export function boxRoutes(api: Api, { boxes, enrolment, audit, sites, cut }: BoxRoutes): void {
  const config = { role: 'viewer' as const };
  const at = (time: number | undefined) => (time === undefined ? boxes.list() : boxes.at(time));

  api.get(
    '/boxes',
    { config, schema: { summary: 'Boxes, as they were at a moment', querystring: At } },
    async (request): Promise<BoxList> => {
      const found = await at(moment(request.query.at));
      return { boxes: found.filter(({ site }) => maySee(request, site)) };
    },
  );

  api.get('/boxes/:box', { config, schema: { summary: 'One box', params: BoxPath } }, (request): BoxView => {
    const view = boxes.get(request.params.box);
    if (!view || !maySee(request, view.site))
      throw faults.fault('api.notFound', { what: `box ${request.params.box}` });
    return view;
  });

  api.get(
    '/devices',
    { config, schema: { summary: 'Health of every device', querystring: At } },
    async (request): Promise<DeviceList> => {
      const found = await at(moment(request.query.at));
      const devices = found
        .filter(({ site, link }) => link !== 'revoked' && maySee(request, site))
        .flatMap(({ box, site, status }) =>
          (status?.devices ?? []).map((device) => ({ ...device, box, site })),
        );
      return { devices };
    },
  );

  api.post(
    '/enrolments',
    {
      config: { role: 'admin' },
      schema: { summary: 'Makes a one-time token with which one box enrols', body: EnrolmentBody },
    },
    async (request, reply): Promise<Enrolment> => {
      const { name, site } = request.body;
      if (!sites.some(({ id }) => id === site)) throw faults.fault('api.notFound', { what: `site ${site}` });
      if (!maySee(request, site)) throw faults.fault('api.role', { role: `admin of ${site}` });
      reply.status(201);
      return enrolment.invite(name, site, actorOf(request));
    },
  );

  api.delete(
    '/boxes/:box',
    {
      config: { role: 'admin' },
      schema: { summary: 'Revokes the certificate of a box, at once and for ever', params: BoxPath },
    },
    async (request, reply) => {
      const { box } = request.params;
      const site = boxes.get(box)?.site;
      if (site === undefined || !maySee(request, site) || !(await boxes.revoke(box)))
        throw faults.fault('api.notFound', { what: `enrolled box ${box}` });
      cut(box);
      await audit.note(actorOf(request), 'box.revoke', box);
      return reply.status(204).send();
    },
  );
}
