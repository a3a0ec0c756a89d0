import { Readable } from 'node:stream';
import { Type } from 'typebox';
import type { ScanFile } from '#firmware-config/scan-file/read';
import { reduce } from '#firmware-config/scan-file/reduce';
import type { Audit } from '../audit.ts';
import { faults } from '../faults.ts';
import type { Scans } from '../scans/scans.ts';
import {
  type Api,
  actorOf,
  BoxPath,
  closed,
  List,
  list,
  Moment,
  maySee,
  moment,
  sitesFor,
  sitesOf,
} from './route.ts';
import type { ScanDetail, ScanPage, ScanView } from './types.ts';

const time = (description: string) => Type.Optional(Type.String({ ...Moment, description }));

const ScansQuery = Type.Object(
  {
    at: time('The list ends at this moment, and says what was known then.'),
    from: time('No scan that began before it.'),
    to: time('No scan that began after it.'),
    box: List('Id of a box.'),
    site: List('Id of a site.'),
    scanner: List('Identity of a scanner.'),
    outcome: List('clear, suspect or none.'),
    subject: Type.Optional(
      Type.String({ description: 'Exactly this container or vehicle.', maxLength: 500 }),
    ),
    before: Type.Optional(
      Type.String({ description: '`next` of the page before.', pattern: '^-?\\d{1,16}\\.\\d{1,16}$' }),
    ),
    limit: Type.Integer({ description: 'Scans a page.', minimum: 1, maximum: 200, default: 50 }),
  },
  closed,
);
const ScanPath = Type.Object(
  { ...BoxPath.properties, scan: Type.String({ description: 'Identity of the scan.', maxLength: 200 }) },
  closed,
);
const PixelsQuery = Type.Object(
  {
    from: Type.Integer({ description: 'First column, pixels of the scan.', minimum: 0, default: 0 }),
    columns: Type.Optional(Type.Integer({ description: 'Columns; to the end when absent.', minimum: 1 })),
    step: Type.Integer({ description: 'The mean of n x n samples.', minimum: 1, maximum: 64, default: 1 }),
  },
  closed,
);
/** Columns that are unpacked at a time: the answer is never in memory whole. */
const pieceColumns = 64;

async function* pieces(file: ScanFile, from: number, to: number, step: number): AsyncGenerator<Buffer> {
  const { rows, planes } = file.index;
  const width = Math.ceil(pieceColumns / step) * step;
  try {
    for (let column = from; column < to; column += width) {
      const samples = await file.columns(column, Math.min(width, to - column));
      const columns = samples.length / (rows * planes.length);
      const small = reduce({ samples, rows, columns }, planes.length, step).samples;
      yield Buffer.from(small.buffer, small.byteOffset, small.byteLength);
    }
  } finally {
    await file.close();
  }
}

/** GET /scans, /scans/:box/:scan with thumbnail and pixels; POST fetch */
export function scanRoutes(api: Api, scans: Scans, audit: Audit): void {
  const config = { role: 'viewer' as const };

  api.get(
    '/scans',
    { config, schema: { summary: 'Scans, newest first', querystring: ScansQuery } },
    (request): Promise<ScanPage> => {
      const { query } = request;
      const at = moment(query.at);
      const ends = [at, moment(query.to)].filter((end) => end !== undefined);
      const from = moment(query.from);
      const [box, scanner, outcome] = [list(query.box), list(query.scanner), list(query.outcome)];
      const site = sitesFor(list(query.site), sitesOf(request));
      const [started, id] = (query.before ?? '').split('.').map(Number);
      const before = started !== undefined && id !== undefined ? { before: { started, id } } : {};
      return scans.page(
        {
          limit: query.limit,
          ...(from !== undefined && { from }),
          ...(ends.length > 0 && { to: Math.min(...ends) }),
          ...(box && { box }),
          ...(site && { site }),
          ...(scanner && { scanner }),
          ...(outcome && { outcome }),
          ...(query.subject !== undefined && { subject: query.subject }),
          ...before,
        },
        at,
      );
    },
  );

  /** The scan, if the person may see it. */
  async function seen(request: Parameters<typeof maySee>[0], box: string, scan: string): Promise<ScanView> {
    const view = await scans.view(box, scan);
    if (!maySee(request, view.site)) throw faults.fault('api.notFound', { what: `scan ${scan} of ${box}` });
    return view;
  }

  api.get(
    '/scans/:box/:scan',
    { config, schema: { summary: 'One scan, with what it rests on', params: ScanPath } },
    async (request): Promise<ScanDetail> => {
      const { box, scan } = request.params;
      await seen(request, box, scan);
      return scans.detail(box, scan);
    },
  );

  api.get(
    '/scans/:box/:scan/thumbnail',
    { config, schema: { summary: 'A small picture of a scan', params: ScanPath } },
    async (request, reply) => {
      const { box, scan } = request.params;
      await seen(request, box, scan);
      const picture = await scans.thumbnail(box, scan);
      if (!picture) throw faults.fault('api.notFound', { what: `thumbnail of scan ${scan}` });
      return reply.type(picture.type).send(picture.bytes);
    },
  );

  api.get(
    '/scans/:box/:scan/pixels',
    {
      config,
      schema: { summary: 'Samples of a scan, 16 bit', params: ScanPath, querystring: PixelsQuery },
    },
    async (request, reply) => {
      const { box, scan } = request.params;
      await seen(request, box, scan);
      const { from, columns, step } = request.query;
      const file = await scans.open(box, scan);
      const { index } = file;
      const to = Math.min(index.columns, from + (columns ?? index.columns));
      reply.headers({
        'content-type': 'application/octet-stream',
        'x-columns': Math.max(0, Math.ceil((to - from) / step)),
        'x-rows': Math.ceil(index.rows / step),
        'x-planes': index.planes.length,
      });
      return reply.send(Readable.from(pieces(file, from, to, step), { objectMode: false }));
    },
  );

  api.post(
    '/scans/:box/:scan/fetch',
    { config, schema: { summary: 'Asks the box for the file of a scan', params: ScanPath } },
    async (request): Promise<ScanView> => {
      const { box, scan } = request.params;
      await seen(request, box, scan);
      const view = await scans.fetch(box, scan);
      await audit.note(actorOf(request), 'scan.fetch', `${box}/${scan}`);
      return view;
    },
  );
}
