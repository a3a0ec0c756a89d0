import { writeFile } from 'node:fs/promises';

/** Six digits are more than a screen shows. */
export const shortened = (values: ArrayLike<number>): number[] =>
  Array.from(values, (value) => Number(value.toPrecision(6)));

/** What a picture needs, beside what the command says. */
export const writePicture = (file: string, picture: object): Promise<void> =>
  writeFile(file, `${JSON.stringify(picture)}\n`);
