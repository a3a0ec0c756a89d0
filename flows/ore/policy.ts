import { type Static, Type } from 'typebox';

/**
 * Rules of a berth as parameters: what law, standard or trade says, from when on, from where that is known and how surely. Nothing of it is
 * in code, and a lot's record names the version that held.
 */
const text = (description: string) => Type.String({ description, minLength: 1, maxLength: 2000 });
const date = (description: string) => Type.String({ description, pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

export const Kind = Type.Enum(['law', 'standard', 'trade', 'site'], {
  description:
    'What it is: law; a standard; a limit of trade, which is no law; or what the site has set for itself.',
});
export const Confidence = Type.Enum(['read', 'reported', 'remembered', 'assumed'], {
  description:
    'How surely it is known: its text was read; reported by a source that is named; remembered, and to be checked; assumed.',
});
const Action = Type.Enum(['note', 'inspect', 'hold'], { description: 'What follows when it is not met.' });

const about = {
  title: text('What it is called.'),
  kind: Kind,
  source: text('Where it is from.'),
  confidence: Confidence,
};
const from = date('Day from which it holds.');
const until = Type.Optional(date('Last day on which it holds; open when absent.'));
const closed = { additionalProperties: false };

export const PolicyDocument = Type.Object(
  {
    id: text('Short name, which reasons refer to.'),
    ...about,
    from,
    until,
    requires: Type.Array(text('One thing that it asks for.'), { description: 'What it asks for, in words.' }),
  },
  closed,
);

export const Limit = Type.Object(
  {
    element: text('Element, oxide, LOI or H2O.'),
    maxPct: Type.Optional(Type.Number({ description: 'No more than this, mass percent.' })),
    minPct: Type.Optional(Type.Number({ description: 'No less than this, mass percent.' })),
    action: Action,
    ...about,
    from,
    until,
  },
  closed,
);
export type Limit = Static<typeof Limit>;

export const RadiationPolicy = Type.Object(
  {
    alertSigmas: Type.Number({
      description:
        'Deviations above the background from which a dose rate is told, if it is also beyond `alertRatio`.',
      default: 3,
      minimum: 1,
    }),
    alertRatio: Type.Number({
      description:
        'Multiple of the background from which a dose rate is told, if it is also beyond `alertSigmas`.',
      default: 1.5,
      minimum: 1,
    }),
    holdRatio: Type.Number({
      description: 'Multiple of the background from which the lot is held.',
      default: 3,
      minimum: 1,
    }),
    holdAboveUsvPerH: Type.Number({
      description: 'Dose rate above background from which the lot is held, uSv/h.',
      default: 1,
      exclusiveMinimum: 0,
    }),
    doseSilenceSeconds: Type.Optional(
      Type.Number({
        description:
          'Ore is judged only where a dose rate was heard within so many seconds before it, beside the gamma spectra; absent: spectra alone are enough.',
        exclusiveMinimum: 0,
      }),
    ),
    ...about,
  },
  { ...closed, description: 'From when on a dose rate is told, and a lot held.' },
);
export type RadiationPolicy = Static<typeof RadiationPolicy>;

export const IgnitionPolicy = Type.Object(
  {
    lowestPct: Type.Number({
      description:
        'Lowest ignition loss that natural ore can have, mass percent: pure magnetite takes up oxygen.',
      default: -3.46,
    }),
    sigmas: Type.Number({
      description: 'By how many deviations it has to be below.',
      default: 3,
      minimum: 0,
    }),
    action: Action,
    ...about,
  },
  { ...closed, description: 'What is done about an ignition loss that no natural ore has.' },
);
export type IgnitionPolicy = Static<typeof IgnitionPolicy>;

export const Policy = Type.Object(
  {
    id: text('Name of the policy.'),
    version: text('Its version, which the record of a lot names.'),
    issued: date('When it was set down.'),
    documents: Type.Array(PolicyDocument, { description: 'Rules that it rests on.', maxItems: 200 }),
    limits: Type.Array(Limit, { description: 'Limits of elements.', maxItems: 500 }),
    radiation: RadiationPolicy,
    ignition: IgnitionPolicy,
    minCoverage: Type.Number({
      description: 'Share of the mass that every stage must have judged before a lot is released.',
      default: 0.95,
      minimum: 0,
      maximum: 1,
    }),
    maxUnseenT: Type.Optional(
      Type.Number({
        description:
          'A stretch of the lot that not every stage has judged is no longer than this, t, or the lot is not released; absent: as long as the coverage allows.',
        exclusiveMinimum: 0,
      }),
    ),
    wasteAction: Action,
    inclusionAction: Action,
  },
  { ...closed, description: 'Rules of the berth, with their version and where they are from.' },
);
export type Policy = Static<typeof Policy>;

/** Whether a rule holds on a day, as YYYY-MM-DD. */
export const holdsOn = (rule: { readonly from: string; readonly until?: string }, day: string): boolean =>
  rule.from <= day && (rule.until === undefined || day <= rule.until);

/** What a record says of the policy: its version, and the rules that held on the day. */
export function policyRecord(policy: Policy, day: string) {
  const { id, version, issued, documents } = policy;
  return {
    id,
    version,
    issued,
    documents: documents
      .filter((one) => holdsOn(one, day))
      .map(({ id: name, title, kind, confidence }) => ({ id: name, title, kind, confidence })),
  };
}
