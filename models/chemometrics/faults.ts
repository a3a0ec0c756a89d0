import { defineFaults } from '#flows/fault';

/** Every fault of a laboratory's calibrations. */
export const faults = defineFaults({
  'calibration.file': {
    message: 'The file cannot be read: {detail}.',
    help: 'Check the path and who may read it.',
  },
  'calibration.table': {
    message: 'The table cannot be used: {detail}.',
    help: 'A header row and rows of numbers are wanted, with commas, semicolons or tabs between them.',
  },
  'calibration.cell': {
    message: 'What stands in column {column} is no number: {text}.',
    help: 'Correct the cell, or take the row out of the file.',
  },
  'calibration.rows': {
    message: 'There are {spectra} spectra and {values} rows of values.',
    help: 'Row by row, both files must be about the same samples.',
  },
  'calibration.target': {
    message: 'There is no column {target}: {known}.',
    help: 'Name a column of the values with --target.',
  },
  'calibration.few': {
    message: 'There are too few samples: {samples}, where {least} are wanted.',
    help: 'Measure more samples; what few of them show does not hold.',
  },
  'calibration.flat': {
    message: 'Nothing can be learned: {detail}.',
    help: 'Choose samples whose values differ, and check that the spectra belong to them.',
  },
  'calibration.components': {
    message: '{asked} components are more than {most}, which these data carry.',
    help: 'Ask for fewer, or leave --components away to have them chosen.',
  },
  'calibration.axis': {
    message: 'The spectra are from {from} to {to}, the calibration from {first} to {last}.',
    help: 'They must cover what the calibration was made on; `calibrate transfer` takes in another instrument.',
  },
  'calibration.coarse': {
    message: 'Points of the spectra lie {theirs} apart, those of the calibration {ours}.',
    help: 'Set the instrument to finer points, or calibrate on spectra as coarse as these.',
  },
  'calibration.bundle': {
    message: 'The bundle is no calibration: {detail}.',
    help: 'Give a folder that `calibrate pls` or `calibrate transfer` has written.',
  },
  'calibration.out': {
    message: 'The folder {folder} is there and is no calibration of {id}.',
    help: 'Give another folder with --out, or take this one away.',
  },
  'calibration.sample': {
    message: 'Sample {row} lies {sigmas} standard errors off its reference value in cross-validation.',
    help: 'Check its value and its spectrum; it is part of the calibration as long as it is in the files.',
  },
  'calibration.resampled': {
    message: 'The spectra have another axis than the calibration and are interpolated to it.',
    help: 'Nothing has to be done when it is the same instrument with another setting of its points.',
  },
  'spectrum.technique': {
    message: 'It is a {technique} spectrum along {unit}; {id} is for {wanted} along {wantedUnit}.',
    help: 'Name the instrument of the calibration with `devices`.',
  },
  'spectrum.axis': {
    message: 'Its axis cannot be used: {detail}.',
    help: 'An axis rises, and has a place for each value.',
  },
  'spectrum.flat': {
    message: 'The spectrum is flat: something covers the window, or the lamp is out.',
    help: 'Look at the window, the lamp and the last white reference.',
  },
});
