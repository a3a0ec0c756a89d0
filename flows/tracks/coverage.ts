import { type Static, Type } from 'typebox';

/** What was counted in a cell of the ground on one day, or before. */
const Counts = {
  passed: Type.Number({ description: 'So often something was heard there.' }),
  lost: Type.Number({ description: 'So often it fell silent there.' }),
  who: Type.Record(Type.String(), Type.Integer(), { description: 'Who fell silent there, and how often.' }),
};
export const Cell = Type.Object({
  ...Counts,
  toDay: Type.Integer({ description: 'Days before this one are in the sums, days since 1970.' }),
  days: Type.Array(Type.Object({ day: Type.Integer({ description: 'Days since 1970.' }), ...Counts }), {
    description: 'Days that may still change.',
  }),
});
export type Cell = Static<typeof Cell>;
type Counted = Pick<Cell, 'passed' | 'lost' | 'who'>;

export const dayMs = 86_400_000;
export const dayOf = (ms: number): number => Math.floor(ms / dayMs);

/** What was seen so long ago counts half, days. */
const halfLifeDays = 30;
/** Names that are kept of a cell. */
const maxNames = 8;

const nothing = (): Counted => ({ passed: 0, lost: 0, who: {} });
export const newCell = (day: number): Cell => ({ ...nothing(), toDay: day, days: [] });

/** What a count of `day` is worth on another: the same by whatever steps it got there. */
const worth = (day: number, onDay: number): number => 0.5 ** ((onDay - day) / halfLifeDays);

/** What one count on each day from `first` up to the one before `day` is worth on that. */
export const worthOfDays = (first: number, day: number): number => {
  const ratio = worth(0, 1);
  return (ratio * (1 - ratio ** (day - first))) / (1 - ratio);
};

function addUp(into: Counted, { passed, lost, who }: Counted, share: number): void {
  into.passed += passed * share;
  into.lost += lost * share;
  for (const [name, times] of Object.entries(who)) {
    if (into.who[name] === undefined && Object.keys(into.who).length >= maxNames) continue;
    const sum = (into.who[name] ?? 0) + times;
    if (sum > 0) into.who[name] = sum;
    else delete into.who[name];
  }
}

/** Takes days before `day` into the sums, which stand for that day. Changes `cell` in place. */
export function fold(cell: Cell, day: number): void {
  if (day <= cell.toDay) return;
  const fading = worth(cell.toDay, day);
  cell.passed *= fading;
  cell.lost *= fading;
  if (cell.lost < 0.5) cell.who = {};
  for (const one of cell.days) if (one.day < day) addUp(cell, one, worth(one.day, day));
  cell.days = cell.days.filter((one) => one.day >= day);
  cell.toDay = day;
}

/** Counts what happened on `day`; `openDay` is the first day that may still change. Changes `cell` in place. */
export function count(cell: Cell, day: number, what: Counted, openDay: number): void {
  fold(cell, openDay);
  if (day < cell.toDay) {
    addUp(cell, what, worth(day, cell.toDay));
    return;
  }
  let one = cell.days.find((each) => each.day === day);
  if (!one) {
    one = { day, ...nothing() };
    cell.days.push(one);
  }
  addUp(one, what, 1);
}

/** What had been counted before `day`, as it has faded by then: the same whatever came since. */
export function countedBefore(cell: Cell, day: number): Counted {
  const share = worth(cell.toDay, day);
  const sum = { passed: cell.passed * share, lost: cell.lost * share, who: { ...cell.who } };
  for (const one of cell.days) if (one.day < day) addUp(sum, one, worth(one.day, day));
  return sum;
}
