/**
 * Derives hub/web/scans/generated/curves.ts from models/physics/xray: what the screen's material view needs to
 * know of the beams, so that the page carries no physics of its own. Run `npm run build` first.
 *
 *   node scripts/xray/curves.mjs
 */
import { writeFileSync } from 'node:fs';
import { root } from '../setup/paths.mjs';

const { Beam } = await import(`${root}/dist/models/physics/xray/beam.js`);
const { materials } = await import(`${root}/dist/models/physics/xray/materials.js`);

const pairs = [
  [6, 4],
  [6, 3.5],
  [9, 6],
];
const classes = { organic: 'water', inorganic: 'aluminium', metal: 'iron', heavy: 'lead' };
const depths = [
  0.1, 0.2, 0.3, 0.4, 0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10,
];
/** @param {number} value */
const digits = (value) => Number(value.toPrecision(5));

/**
 * Areal density at which the high energy is weakened to exp(-depth), g/cm2.
 * @param {import('../../models/physics/xray/beam.ts').Beam} beam
 * @param {Readonly<Record<string, number>>} composition
 * @param {number} depth
 */
function arealAt(beam, composition, depth) {
  let [low, high] = [0, 2000];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (-Math.log(beam.exact(composition, middle).high) < depth) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const beams = pairs.map(([highMv, lowMv]) => {
  const beam = new Beam(highMv, lowMv);
  const curves = Object.fromEntries(
    Object.entries(classes).map(([name, id]) => {
      const { composition } = materials[id];
      const areal = depths.map((depth) => arealAt(beam, composition, depth));
      const ratio = depths.map((depth, i) => -Math.log(beam.exact(composition, areal[i]).low) / depth);
      return [name, { ratio: ratio.map(digits), gCm2: areal.map(digits) }];
    }),
  );
  return { highMv, lowMv, ...curves };
});

/** @param {readonly number[]} values */
const list = (values) => `[${values.join(', ')}]`;
/**
 * @param {string} name
 * @param {{ratio: readonly number[], gCm2: readonly number[]}} curves
 */
const curve = (name, { ratio, gCm2 }) =>
  `    ${name}: {\n      ratio: ${list(ratio)},\n      gCm2: ${list(gCm2)},\n    },`;
const text = `/**
 * Written by scripts/xray/curves.mjs from models/physics/xray. By beam and class of material (water, aluminium,
 * iron, lead): the ratio ln T_low / ln T_high and the areal density, g/cm2, at each of \`depths\`, -ln T_high.
 */
export const depths: readonly number[] = ${list(depths)};

export const beams = [
${beams
  .map(
    ({ highMv, lowMv, ...curves }) =>
      `  {\n    highMv: ${highMv},\n    lowMv: ${lowMv},\n${Object.entries(curves)
        .map(([name, each]) => curve(name, each))
        .join('\n')}\n  },`,
  )
  .join('\n')}
] as const;
`;
writeFileSync(new URL('../../hub/web/scans/generated/curves.ts', import.meta.url), text);
