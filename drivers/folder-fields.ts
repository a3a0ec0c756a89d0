import { Type } from 'typebox';

/** Fields of every driver that takes files out of a folder. */
export const folderFields = {
  folder: Type.Optional(
    Type.String({
      description:
        'Folder that the device drops files into; each is moved to `done` below it when it is committed, or to `failed` when nothing of it could be used.',
      minLength: 1,
    }),
  ),
  settleSeconds: Type.Number({
    description: 'A file that has not grown for so long is whole, seconds.',
    default: 2,
    minimum: 0,
    maximum: 3600,
  }),
  maxFileBytes: Type.Integer({
    description: 'A larger file is set aside unread, bytes.',
    default: 2_000_000_000,
    minimum: 1000,
  }),
};
