import { Type } from 'typebox';

/** Fields that every driver's config has. */
export const deviceFields = {
  device: Type.Optional(
    Type.String({ description: 'Identity of the device; overrides what the wire says.', minLength: 1 }),
  ),
  datum: Type.Optional(
    Type.String({
      description:
        'Datum of the coordinates where it is not WGS 84: from GCJ-02 and BD-09 they are converted (attributes.convertedFrom), any other than those that are as good as WGS 84 (CGCS2000, ETRS89) is named in attributes.datum. One that a message says itself counts before it.',
      minLength: 1,
    }),
  ),
  maxClockOffsetSeconds: Type.Number({
    description:
      "A device's clock that is further from the box's is said to be wrong (attributes.clockOffsetMs, device minus box), seconds.",
    default: 60,
    minimum: 1,
    maximum: 86_400,
  }),
};
