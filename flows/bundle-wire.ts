import { type Static, Type } from 'typebox';

/**
 * Bundles on the link: the box asks for one range of a file after the other, of the bundles that a release
 * names to it, and the hub answers. Neither counts for more than the link: hashes and signature decide.
 */
const text = (description: string) => Type.String({ description, maxLength: 300 });
const count = (description: string, minimum = 0) => Type.Integer({ description, minimum });

/** Most bytes that are asked for at once. */
export const maxPieceBytes = 1_048_576;

const place = {
  id: text('Identity of the model.'),
  version: text('Version.'),
  file: text('File, as a path below the bundle.'),
  offset: count('First byte.'),
};

/** Box to hub: send this range. */
export const BundleFetch = Type.Object({
  kind: Type.Literal('bundle-fetch'),
  box: text('Id of the box.'),
  ...place,
  length: Type.Integer({ description: 'Bytes at most.', minimum: 1, maximum: maxPieceBytes }),
});
export type BundleFetch = Static<typeof BundleFetch>;

/** Hub to box: the range, or why there is none. */
export const BundlePiece = Type.Object({
  kind: Type.Literal('bundle-piece'),
  ...place,
  bytes: count('Length of the whole file.'),
  data: Type.String({ description: 'The bytes, base64.' }),
  missing: Type.Optional(text('Why there is nothing.')),
});
export type BundlePiece = Static<typeof BundlePiece>;
