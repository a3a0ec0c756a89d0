import type { Problem } from '#flows/fault';
import type { Message } from '#flows/message';
import type { Decoded } from '../driver.ts';
import { faults } from '../faults.ts';
import { jsonLine, parseJson } from '../http-line.ts';
import type { PayloadReader } from '../mqtt-taker.ts';
import { numberOf } from '../osmand/report.ts';
import { splitLine } from '../topic-line.ts';
import type { HttpRequest } from '../transport/http-server.ts';
import { type Json, messagesOf, objectOf, type Sighting, textOf } from './reading.ts';

const percent = (value: unknown) => {
  const number = numberOf(value);
  return number === undefined ? undefined : number / 100;
};
const list = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.flatMap((item): Json[] => (objectOf(item) ? [item as Json] : [])) : [];
const given = (attributes: Json): Record<string, unknown> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined && value !== null));
const alternatives = (candidates: unknown, name: string) => {
  const others = list(candidates).flatMap((one) => textOf(one[name])?.toUpperCase() ?? []);
  return others.length > 1 ? others.slice(0, 10) : undefined;
};

/** OpenALPR agents: `alpr_results` of one picture, confidence in percent, time in milliseconds. */
function openAlpr(root: Json): Sighting[] {
  return list(root.results).map((result) => ({
    object: textOf(result.plate),
    point:
      textOf(root.camera_id) ?? (typeof root.camera_id === 'number' ? String(root.camera_id) : undefined),
    confidence: percent(result.confidence),
    time: root.epoch_time,
    attributes: given({
      region: textOf(result.region),
      alternatives: alternatives(result.candidates, 'plate'),
      pictureId: textOf(root.uuid),
    }),
  }));
}

/** Plate Recognizer's stream: scores from 0 to 1, the camera beside the results. */
function plateRecognizer(data: Json): Sighting[] {
  return list(data.results).map((result) => ({
    object: textOf(result.plate),
    point: textOf(data.camera_id),
    confidence: numberOf(result.score),
    time: data.timestamp,
    picture: textOf(data.filename) === undefined ? undefined : { file: data.filename },
    attributes: given({
      region: textOf(objectOf(result.region)?.code),
      alternatives: alternatives(result.candidates, 'plate'),
    }),
  }));
}

/** Our own form, for readers and weighbridges that can be set up: names as in the message. */
function plain(item: Json): Sighting {
  return {
    object: textOf(item.object) ?? textOf(item.plate) ?? textOf(item.container) ?? textOf(item.ticket),
    point: textOf(item.point),
    lane: item.lane,
    confidence: item.confidencePct === undefined ? numberOf(item.confidence) : percent(item.confidencePct),
    time: item.time,
    picture: item.picture,
    weightKg: item.weightKg,
    attributes: given({
      direction: textOf(item.direction),
      stable: typeof item.stable === 'boolean' ? item.stable : undefined,
      ticket: textOf(item.ticket),
      ...objectOf(item.attributes),
    }),
  };
}

function sightingsOf(value: unknown): Sighting[] | Problem {
  const items = Array.isArray(value) ? value : [value];
  const out: Sighting[] = [];
  for (const item of items) {
    const root = objectOf(item);
    if (!root) return faults.problem('passage.form', { detail: 'it is no object' });
    const data = objectOf(root.data);
    if (root.data_type === 'alpr_results') out.push(...openAlpr(root));
    else if (data && Array.isArray(data.results)) out.push(...plateRecognizer(data));
    else if (['object', 'plate', 'container', 'ticket'].some((name) => root[name] !== undefined))
      out.push(plain(root));
    else return faults.problem('passage.form', { detail: 'it names no object' });
  }
  return out;
}

/** Reads lines of JSON (behind a topic, where the wire has one), each a report of one form or a list of reports; what one has wrong refuses its line. */
export const lineDecoder =
  (point: string | undefined) =>
  (line: Uint8Array): Decoded<Message> => {
    const parsed = parseJson(splitLine(line).payload);
    if (!('value' in parsed)) return { problem: parsed };
    const sightings = sightingsOf(parsed.value);
    if (!Array.isArray(sightings)) return { problem: sightings };
    const parts: Message[] = [];
    for (const sighting of sightings) {
      const messages = messagesOf({ ...sighting, point: sighting.point ?? point });
      if (!Array.isArray(messages)) return { problem: messages };
      parts.push(...messages);
    }
    return { parts };
  };

/** The line of a request: its JSON, or the JSON in the field `json` of a form, as Plate Recognizer sends it. */
export function lineOf({ body, contentType }: HttpRequest): Uint8Array | Problem {
  if (/multipart\/form-data/i.test(contentType)) {
    const text = Buffer.from(body).toString('utf8');
    const found = /name="json"[^\n]*\r?\n(?:[^\n]+\r?\n)*\r?\n(\{[^\n]*\})\r?\n--/.exec(text)?.[1];
    return found === undefined
      ? faults.problem('passage.form', { detail: 'the form has no field `json`' })
      : jsonLine(Buffer.from(found));
  }
  return jsonLine(body);
}

/** Payloads at a broker are the bodies of HTTP; one that is wrong anywhere is refused whole. */
export function payloadReader(config: {
  readonly point?: string;
  readonly maxBodyBytes: number;
}): PayloadReader<Message> {
  const decode = lineDecoder(config.point);
  return {
    items(_topic, payload, retained) {
      if (payload.length > config.maxBodyBytes)
        return faults.problem('json.toolarge', { limit: config.maxBodyBytes });
      const decoded = decode(payload);
      if ('problem' in decoded) return decoded.problem;
      if (retained) for (const { attributes } of decoded.parts) attributes.retained = true;
      return decoded.parts;
    },
    read: (message) => message,
  };
}
