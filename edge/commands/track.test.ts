import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { describeError } from '#firmware-config/command';
import { position } from '#test/support/messages';
import { collection, metre as m, streets } from '#test/support/roads';
import { command } from './track.ts';

const folder = mkdtempSync(join(tmpdir(), 'quaywatch-track-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function match(roads: string, input: string, ...more: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = {
    stdin: Readable.from([Buffer.from(input)]),
    stdout,
    stderr,
    signal: new AbortController().signal,
  };
  const [out, err] = [text(stdout), text(stderr)];
  const code = await command.run(['match', '--roads', roads, ...more], io).catch((error: unknown) => {
    stderr.write(describeError(error));
    return 'thrown';
  });
  stdout.end();
  stderr.end();
  const rows = (await out).split('\n').filter(Boolean);
  return { code, rows: rows.map((row) => JSON.parse(row) as Record<string, unknown>), err: await err };
}

const ndjson = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

const osm = `<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="0" lon="0"/><node id="2" lat="0" lon="0.001"/><node id="3" lat="0.001" lon="0.001"/><node id="4" lat="0" lon="0.002"/>
<way id="77"><nd ref="1"/><nd ref="2"/><nd ref="99"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<way id="78"><nd ref="2"/><nd ref="3"/><tag k="highway" v="service"/><tag k="name" v="A &amp; B"/></way>
<way id="79"><nd ref="1"/><nd ref="3"/><tag k="highway" v="footway"/></way>
<way id="80"><nd ref="1"/><nd ref="3"/><tag k="building" v="yes"/></way></osm>`;

describe('track match', () => {
  const drive = ndjson([
    ...[0, 1, 2, 3].map((i) => position(i * 10, i * 25 * m, 4 * m, { attributes: { n: i } })),
    position(40, 100 * m, 25 * m),
    position(50, 5000 * m, 0),
  ]);

  test('GeoJSON and OpenStreetMap XML, as they are and gzipped, are told apart by what is in them', async () => {
    const geo = JSON.stringify(streets(3));
    const plain = await match(file('roads.bin', geo), drive);
    expect(plain.code).toBe(0);
    expect(plain.rows.map(({ road }) => road)).toEqual(['h0', 'h0', 'h0', 'h0', 'v1', null]);
    expect(plain.rows[1]).toMatchObject({ kind: 'position', attributes: { n: 1 } });
    expect(plain.rows[1]?.offsetM).toBeCloseTo(25, 0);
    expect(plain.rows[1]?.distanceM).toBeCloseTo(4, 0);
    expect(plain.rows.at(-1)).toMatchObject({ road: null, offsetM: null, distanceM: null });
    expect((await match(file('zipped.bin', gzipSync(geo)), drive)).rows).toEqual(plain.rows);
    for (const [name, bytes] of [
      ['osm.bin', osm],
      ['osm.gz.bin', gzipSync(osm)],
    ] as const) {
      const { rows } = await match(
        file(name, bytes),
        ndjson([position(0, 0.0005), position(9, 0.001, 0.0005)]),
      );
      expect(rows.map(({ road }) => road)).toEqual(['77', '78']);
    }
  }); // prettier-ignore

  test('a position of the Chinese datum is matched where it is on the Earth', async () => {
    const roads = {
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          properties: { id: 'gate' },
          geometry: {
            type: 'LineString',
            coordinates: [
              [114.26, 22.57],
              [114.28, 22.57],
            ],
          },
        },
      ],
    };
    // the shifted place of 114.27 E, 22.57 N is some 550 m off
    const shifted = position(0, 114.2748206, 22.5671445, { attributes: { datum: 'GCJ-02' } });
    const { rows } = await match(file('china.geojson', JSON.stringify(roads)), ndjson([shifted]));
    expect(rows).toMatchObject([{ road: 'gate', lon: 114.2748206 }]);
  });

  test('gives positions out in the order in which they came, each device by itself', async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      position(i, ((i >> 1) % 20) * 10 * m, (i % 2) * 100 * m, { device: `d${i % 2}`, attributes: { n: i } }),
    );
    const { rows: out } = await match(file('order', JSON.stringify(streets(3))), ndjson(rows));
    expect(out.map(({ attributes }) => (attributes as { n: number }).n)).toEqual(rows.map((_, i) => i));
    expect(new Set(out.map(({ device, road }) => `${device} ${road}`))).toEqual(new Set(['d0 h0', 'd1 h1']));
  });

  test('a bad line is told with its number and disturbs no other; other kinds are passed over', async () => {
    const bad = ['{', '7', '{"kind":"position","lon":"x","lat":0}', '{"kind":"position","lon":500,"lat":0}'];
    const seal = JSON.stringify({ kind: 'seal', device: 't1', state: 'cut' });
    const input = `${bad.join('\n')}\n${seal}\n\n${drive}`;
    const { code, rows, err } = await match(file('bad', JSON.stringify(streets(3))), input);
    expect(code).toBe(1);
    expect(rows).toHaveLength(6);
    for (const number of [1, 2, 3, 4]) expect(err).toContain(`line ${number}: track.line`);
    expect(err).not.toContain('line 5');
  });

  test('roads that are none are refused with a code, a place and what to do', async () => {
    const codeOf = async (name: string, content: string | Uint8Array) =>
      (await match(file(name, content), drive)).err;
    expect((await match(join(folder, 'missing'), drive)).err).toContain('roads.unreadable');
    expect(await codeOf('cut.gz', gzipSync(osm).subarray(0, 60))).toContain('roads.unreadable');
    expect(await codeOf('text', 'roads')).toContain('roads.format');
    expect(await codeOf('cut.json', '{"type":')).toContain('roads.format');
    expect(await codeOf('cut.osm', osm.slice(0, 300))).toContain('roads.format');
    expect(await codeOf('gpx', '<gpx></gpx>')).toContain('<gpx>');
    const nameless = collection([
      {
        type: 'Feature',
        properties: {},
        geometry: {
          type: 'LineString',
          coordinates: [
            [0, 0],
            [1, 1],
          ],
        },
      },
    ]); // prettier-ignore
    expect(await codeOf('nameless', JSON.stringify(nameless))).toMatch(
      /roads.invalid.*features\[0\].properties.id/,
    );
  });
});

const data = fileURLToPath(new URL('../../../shared/data/tracks/', import.meta.url));

describe('a real track on real streets', () => {
  test.skipIf(!existsSync(data))('follows the three streets that it should', async () => {
    const points = readFileSync(join(data, 'issue-70.gpx'), 'utf8').matchAll(
      /lat="([\d.]+)" lon="([\d.]+)"[^\n]*<time>([^<]*)/g,
    );
    const input = [...points].map(([, lat, lon, time]) =>
      position(0, Number(lon), Number(lat), { time: time ?? '' }),
    );
    expect(input).toHaveLength(17);
    const { code, rows } = await match(join(data, 'issue-70.osm.gz'), ndjson(input));
    expect(code).toBe(0);
    const roads = rows.map(({ road }) => road);
    // Milana Vidaka, Branka Radičevića, Zdravka Čelara: what GraphHopper's own test expects
    expect(roads.filter((road, i) => road !== roads[i - 1])).toEqual(['263190269', '115389243', '190958702']);
  });
});
