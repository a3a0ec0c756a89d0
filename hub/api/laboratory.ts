import { Type } from 'typebox';
import type { Laboratory } from '../laboratory/laboratory.ts';
import type { CalibrationView, LaboratoryResult } from './laboratory-types.ts';
import { type Api, actorOf, closed } from './route.ts';

const bodyLimit = 64_000_000;
const File = (what: string) =>
  Type.Object(
    {
      name: Type.String({ description: 'Its name, for messages.', minLength: 1, maxLength: 200 }),
      text: Type.String({ description: 'Its text.' }),
    },
    { ...closed, description: what },
  );
const From = Type.Object(
  {
    id: Type.String({ description: 'Id of a calibration that the hub has.', maxLength: 100 }),
    version: Type.String({ description: 'Its version.', maxLength: 40 }),
  },
  closed,
);
const keep = Type.Optional(
  Type.Boolean({ description: 'Takes the calibration in: it is signed, and can be released to boxes.' }),
);
const named = (description: string) =>
  Type.Optional(Type.String({ description, pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]*$', maxLength: 40 }));
const CalibrationBody = Type.Object(
  {
    name: named('Mine, brand or instrument that it is for: part of its id.'),
    unit: Type.Optional(
      Type.String({ description: 'Unit of the values, UCUM; absent: %.', minLength: 1, maxLength: 20 }),
    ),
    target: Type.String({ description: 'Column of the values.', minLength: 1, maxLength: 100 }),
    components: Type.Optional(
      Type.Integer({
        description: 'Components; absent: chosen by cross-validation.',
        minimum: 1,
        maximum: 50,
      }),
    ),
    spectra: File('CSV, a header row of wavelengths, a spectrum a row.'),
    values: File('CSV, a header of names, values by row.'),
    keep,
  },
  closed,
);
const TransferBody = Type.Object(
  {
    from: From,
    name: named('The other instrument: part of the new id.'),
    primary: File('Spectra of some samples on the instrument of the calibration.'),
    secondary: File('The same samples, in the same order, on the other instrument.'),
    keep,
  },
  closed,
);
const PredictionBody = Type.Object({ from: From, spectra: File('CSV of spectra.') }, closed);
const FitBody = Type.Object(
  {
    file: File('A spectrum with counts by channel.'),
    calibration: Type.Optional(
      Type.String({
        description: 'Energy of channel 0, of a channel, and a quadratic term, keV, with commas.',
        pattern: '^-?[0-9.eE+-]+(,-?[0-9.eE+-]+){1,2}$',
        maxLength: 100,
      }),
    ),
    excitationKeV: Type.Optional(
      Type.Number({ description: 'Energy that excites the sample, keV.', minimum: 1.5, maximum: 200 }),
    ),
    elements: Type.Optional(
      Type.String({ description: 'Symbols to look for.', pattern: '^[A-Za-z, ]+$', maxLength: 400 }),
    ),
  },
  closed,
);

/** Calibrations of a laboratory, and fits of fluorescence spectra, as the commands of those names do them. */
export function laboratoryRoutes(api: Api, laboratory: Laboratory): void {
  const operator = { config: { role: 'operator' as const }, bodyLimit };
  const analyst = { config: { role: 'analyst' as const }, bodyLimit };

  api.get(
    '/laboratory/calibrations',
    { config: { role: 'viewer' as const }, schema: { summary: 'Spectral calibrations that the hub has' } },
    (): Promise<CalibrationView[]> => laboratory.list(),
  );
  api.post(
    '/laboratory/calibrations',
    {
      ...operator,
      schema: { summary: 'Makes a calibration from spectra and values', body: CalibrationBody },
    },
    (request): Promise<LaboratoryResult> => {
      const { keep = false, ...given } = request.body;
      return laboratory.pls(given, { keep, actor: actorOf(request) });
    },
  );
  api.post(
    '/laboratory/transfers',
    { ...operator, schema: { summary: 'Takes a calibration to another instrument', body: TransferBody } },
    (request): Promise<LaboratoryResult> => {
      const { keep = false, ...given } = request.body;
      return laboratory.transfer(given, { keep, actor: actorOf(request) });
    },
  );
  api.post(
    '/laboratory/predictions',
    { ...analyst, schema: { summary: 'Values of spectra by a calibration', body: PredictionBody } },
    (request): Promise<LaboratoryResult> =>
      laboratory.predict(request.body.from, request.body.spectra, actorOf(request)),
  );
  api.post(
    '/laboratory/fits',
    { ...analyst, schema: { summary: 'Elements of an X-ray fluorescence spectrum', body: FitBody } },
    (request): Promise<LaboratoryResult> => laboratory.fit(request.body, actorOf(request)),
  );
}
