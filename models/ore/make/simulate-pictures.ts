import { mkdirSync, writeFileSync } from 'node:fs';
import { openOreWorld } from '../../physics/ore/berth.ts';
import { fitPictures } from './fit-pictures.ts';

/**
 * Renders pictures of all brands, codes them as cameras do (ffmpeg has to be there), and learns their looks.
 *
 *   node dist/models/ore/make/simulate-pictures.js FOLDER
 */
const [folder = 'ore-rows'] = process.argv.slice(2);
const counts = { looks: [24, 4], tails: [12, 8], bodies: 110 } as const;
mkdirSync(folder, { recursive: true });
writeFileSync(
  `${folder}/pictures.json`,
  JSON.stringify(fitPictures(openOreWorld(), counts, (line) => process.stderr.write(`${line}\n`))),
);
