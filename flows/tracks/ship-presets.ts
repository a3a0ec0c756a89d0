/** What watchers of the sea call an encounter, a dark gap and loitering, as each of them published it. */
export interface ShipPreset {
  /** Whose definition it is, and where it stands. */
  readonly source: string;
  /** Both within `distanceM` for `minutes`, on average no faster than `maxSpeedKn`, and `awayM` from every fence. */
  readonly encounter: {
    readonly distanceM: number;
    readonly minutes: number;
    /** Absent: at any speed. */
    readonly maxSpeedKn?: number;
    readonly awayM: number;
  };
  /** Silence of at least so many hours. */
  readonly darkHours: number;
  /** Slower than two knots for so many hours, and `awayM` from every fence. */
  readonly loitering: { readonly hours: number; readonly awayM: number };
}

const nauticalMileM = 1852;

/** Loitering at sea: 20 nautical miles from shore (Global Fishing Watch). How long is not among what was read: ours. */
const loitering = { hours: 4, awayM: 20 * nauticalMileM };
const gfwEncounter = { distanceM: 500, minutes: 120, maxSpeedKn: 2, awayM: 10_000 };

const gfw = 'Global Fishing Watch, events of vessels';
const starboard = 'Starboard Maritime Intelligence, encounters; gaps and loitering as Global Fishing Watch';

export const shipPresets = {
  /** Gaps as they are published. */
  gfw: { source: gfw, encounter: gfwEncounter, darkHours: 12, loitering },
  /** Gaps as they are found, before poor reception is taken out. */
  gfwRaw: { source: gfw, encounter: gfwEncounter, darkHours: 6, loitering },
  starboard: {
    source: starboard,
    encounter: { distanceM: 200, minutes: 30, awayM: 10_000 },
    darkHours: 12,
    loitering,
  },
  starboardClose: {
    source: starboard,
    encounter: { distanceM: 50, minutes: 10, awayM: 10_000 },
    darkHours: 12,
    loitering,
  },
} as const satisfies Record<string, ShipPreset>;

export const shipPresetNames = Object.keys(shipPresets) as (keyof typeof shipPresets)[];
