import { defineFaults } from '#flows/fault';

/** Every fault of fitting X-ray fluorescence spectra. */
export const faults = defineFaults({
  'xrf.file': {
    message: 'The file cannot be read: {detail}.',
    help: 'Check the path and who may read it.',
  },
  'xrf.form': {
    message: 'The {form} cannot be used: {detail}.',
    help: 'SPE, MCA, CSV (counts, or energy and counts), JCAMP-DX and NDJSON of spectrum messages are taken.',
  },
  'xrf.calibration': {
    message: 'The energies of the channels are not known.',
    help: 'Give --calibration OFFSET,GAIN in keV: the energy of channel 0, and of one channel.',
  },
  'xrf.range': {
    message: 'The spectrum reaches from {from} to {to} keV, which is no X-ray spectrum.',
    help: 'Check the energy calibration; --calibration OFFSET,GAIN (keV) takes the place of that of the file.',
  },
  'xrf.tube': {
    message: 'The peak at {energy} keV, which no element explains, may be of the tube: {line}, scattered.',
    help: 'Give --excitation with the end of its spectrum, keV, and lines that it excites in the sample are told from those that it scatters.',
  },
  'xrf.unassigned': {
    message: 'There is a peak at {energy} keV that no element explains.',
    help: 'It may be scattered radiation (give --excitation), a gas, or a wrong energy calibration.',
  },
  'xrf.possible': {
    message:
      '{element} may be there: its {line} at {energy} keV fits with {sigmas} standard errors, without a crest of its own.',
    help: 'It lies on the shoulder of a stronger peak and is not claimed; measure longer or with a finer detector.',
  },
});
