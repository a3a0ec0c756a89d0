import { fileURLToPath } from 'node:url';

/** The compiled file of a program of this folder: what runs in a process of its own. */
export const programOf = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

/** The compiled command line. */
export const quaywatchProgram = fileURLToPath(new URL('../../../quaywatch.js', import.meta.url));
