import { type Static, Type } from 'typebox';
import { namesSet } from '../fence-names.ts';
import { type ShipPreset, shipPresetNames, shipPresets } from '../tracks/ship-presets.ts';
import { maxKeysField } from './keys.ts';

const optional = (description: string, maximum: number) =>
  Type.Optional(Type.Number({ description, exclusiveMinimum: 0, maximum }));

const Collection = Type.Object(
  {
    type: Type.Literal('FeatureCollection', { description: 'GeoJSON.' }),
    features: Type.Array(Type.Unknown(), { description: 'Polygons and multipolygons with `properties.id`.' }),
  },
  { description: 'The fences themselves.' },
);

export const EncounterConfig = Type.Object(
  {
    preset: Type.Enum([...shipPresetNames], {
      description:
        'Whose definitions count. `gfw`: encounters within 500 m for 2 h below 2 kn and 10 km off, gaps of 12 h, loitering 20 nautical miles off; `gfwRaw`: gaps of 6 h; `starboard`: encounters within 200 m for 30 min; `starboardClose`: 50 m for 10 min.',
      default: 'gfw',
    }),
    distanceM: optional("In place of the preset's distance between the ships, metres.", 50_000),
    minutes: optional("In place of the preset's duration, minutes.", 10_080),
    maxSpeedKn: optional("In place of the preset's greatest mean speed, knots.", 100),
    fences: Type.Optional(
      Type.Union([Type.String({ description: 'Name of a fence set.', minLength: 1 }), Collection], {
        ...namesSet,
        description:
          'Ports, anchorages and shores: ships near them meet and lie as they must, and arrive there.',
      }),
    ),
    awayM: Type.Optional(
      Type.Number({
        description:
          "In place of the preset's distances from every fence, from where on encounters and loitering count, metres.",
        minimum: 0,
        maximum: 1_000_000,
      }),
    ),
    gapHours: optional("In place of the preset's silence that is a dark gap, hours.", 1000),
    minReceptionPerDay: Type.Number({
      description:
        'Where fewer positions of all ships came a day on the days before, silence is that of the sea, and no dark gap; 0: every gap counts. Nothing is said of it in the first three days.',
      default: 1,
      minimum: 0,
      maximum: 1_000_000,
    }),
    loiterHours: optional("In place of the preset's time below two knots that is loitering, hours.", 1000),
    contactM: Type.Number({
      description:
        'A contact (a position with `attributes.contact`: `radar` or `optical`, and `attributes.target`) is a ship that says by AIS that it is no farther from there, metres.',
      default: 500,
      minimum: 0,
      maximum: 50_000,
    }),
    contactMinutes: Type.Number({
      description: 'A contact outside every fence that no ship explains for so long is told, minutes.',
      default: 5,
      minimum: 0,
      maximum: 10_080,
    }),
    latenessSeconds: Type.Number({
      description:
        'Messages may come this late, seconds of event time: what they change of what was told is corrected or withdrawn by events with `supersedes`. A fix is judged by what comes in this time after it too, ten minutes at most.',
      default: 60,
      minimum: 0,
      maximum: 86_400,
    }),
    maxDevices: maxKeysField('ships'),
  },
  { additionalProperties: false },
);
export type EncounterConfig = Static<typeof EncounterConfig>;

/** What counts: the preset's definitions, and what the config says in their place. */
export function rulesOf(config: EncounterConfig) {
  const { encounter, darkHours, loitering }: ShipPreset = shipPresets[config.preset];
  return {
    distanceM: config.distanceM ?? encounter.distanceM,
    durationMs: (config.minutes ?? encounter.minutes) * 60_000,
    maxSpeedKn: config.maxSpeedKn ?? encounter.maxSpeedKn ?? Infinity,
    awayM: config.awayM ?? encounter.awayM,
    gapMs: (config.gapHours ?? darkHours) * 3_600_000,
    contactM: config.contactM,
    contactMs: config.contactMinutes * 60_000,
    minReceptionPerDay: config.minReceptionPerDay,
    loiterMs: (config.loiterHours ?? loitering.hours) * 3_600_000,
    loiterAwayM: config.awayM ?? loitering.awayM,
  };
}
