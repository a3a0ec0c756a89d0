import { type Static, Type } from 'typebox';
import type { DriverEntry } from '../driver.ts';
import { deviceFields } from '../fields.ts';
import { httpFields } from '../http-fields.ts';
import { parseAddress } from '../transport/link.ts';

export const PassageConfig = Type.Object(
  {
    ...httpFields('7656'),
    maxBodyBytes: Type.Integer({
      description: 'A report with a larger body is refused, bytes; readers send pictures in it.',
      default: 4_194_304,
      minimum: 256,
      maximum: 67_108_864,
    }),
    point: Type.Optional(
      Type.String({ description: 'Point of readers that do not say where they stand.', minLength: 1 }),
    ),
    ...deviceFields,
  },
  {
    description: 'Gate cameras, plate readers and weighbridges that report over HTTP.',
    additionalProperties: false,
  },
);
export type PassageConfig = Static<typeof PassageConfig>;

/** What is known of the driver without its code. */
export const passageAbout = {
  type: 'passage',
  summary:
    'Vehicles and containers seen at a point, with confidence and picture: gate OCR, plate readers (OpenALPR, Plate Recognizer) and weighbridges, over HTTP.',
  emits: ['passage', 'reading'],
  config: PassageConfig,
  repeats: true,
  pausable: true,
  check(config: Record<string, unknown>) {
    const { listen } = config;
    if (typeof listen === 'string' && !parseAddress(listen))
      return [{ path: 'listen', message: `${listen} is no host:port` }];
    return [];
  },
} as const satisfies Omit<DriverEntry, 'load'>;
