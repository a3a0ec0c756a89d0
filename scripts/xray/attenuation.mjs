/**
 * Derives models/physics/xray/tables/attenuation.json from the cross-sections of NIST XCOM: total mass
 * attenuation (with coherent scattering), and its parts where the detector needs them.
 *
 *   node scripts/xray/attenuation.mjs xcom_mu.json
 *
 * The input is a JSON of `E_keV` and `el`: by atomic number `pe`, `inc`, `coh`, `pair`, cm2/g, as the XCOM
 * tables MDATX3 of NIST (public domain, US government) have them.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (!file) {
  console.error('Give the file of XCOM cross-sections (JSON).');
  process.exit(2);
}
const { E_keV: energiesKev, el } = JSON.parse(readFileSync(file, 'utf8'));
/** @param {number} value */
const digits = (value) => Number(value.toPrecision(5));
// Accelerators of cargo scanners are filtered by millimetres of tungsten: below 50 keV nothing is left.
const from = energiesKev.findIndex((/** @type {number} */ energy) => energy >= 50);
const elements = Object.fromEntries(
  Object.entries(el).map(([z, { pe, inc, coh, pair }]) => [
    z,
    {
      photoelectric: pe.slice(from).map(digits),
      incoherent: inc.slice(from).map(digits),
      coherent: coh.slice(from).map(digits),
      pair: pair.slice(from).map(digits),
    },
  ]),
);
const rows = Object.entries(elements).map(([z, parts]) => `    "${z}": ${JSON.stringify(parts)}`);
const text = `{
  "source": "NIST XCOM (tables MDATX3), cm2/g, derived by scripts/xray/attenuation.mjs",
  "energiesMev": ${JSON.stringify(energiesKev.slice(from).map((/** @type {number} */ energy) => digits(energy / 1000)))},
  "elements": {
${rows.join(',\n')}
  }
}
`;
writeFileSync(new URL('../../models/physics/xray/tables/attenuation.json', import.meta.url), text);
