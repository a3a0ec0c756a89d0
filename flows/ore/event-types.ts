import type { EventType } from '../event-types.ts';

/** Event types of an ore berth. */
export const oreEventTypes = {
  'quaywatch.belt.unassigned': {
    summary: 'Ore went over the scale and belongs to no lot that was announced.',
    subject: 'the scale',
    data: ['massT'],
  },
  'quaywatch.belt.view': {
    summary:
      'What a belt looks like: picture, spectra, readings and place. It stays in its flow, for who watches.',
    subject: 'belt',
    data: ['time', 'place', 'spectra', 'readings', 'picture'],
  },
  'quaywatch.increment.assessed': {
    summary:
      'What is known of one increment of a lot: clear, suspect or none, by stage, with its composition.',
    subject: 'lot',
    data: ['lot', 'increment', 'massKg', 'fromT', 'outcome', 'coverage', 'reasons', 'values', 'stages'],
  },
  'quaywatch.increment.closed': {
    summary: 'An increment of a lot has gone by the last sensor of the belt.',
    subject: 'lot',
    data: [
      'lot',
      'increment',
      'massKg',
      'fromT',
      'fromM',
      'toM',
      'from',
      'to',
      'windows',
      'last',
      'declared',
    ],
  },
  'quaywatch.instrument.check': {
    summary:
      'A stretch of a control chart of an instrument: mean, least and greatest value, EWMA and CUSUM beside their limits.',
    subject: 'device',
    data: ['device', 'check', 'state', 'from', 'count', 'value', 'least', 'most', 'mean', 'sigma', 'ewma'],
  },
  'quaywatch.instrument.drift': {
    summary: 'A control chart of an instrument has spoken: it drifts, and still counts.',
    subject: 'device',
    data: ['device', 'check', 'value', 'mean', 'sigma', 'alarms'],
  },
  'quaywatch.instrument.out': {
    summary: 'An instrument is out of control: what it says counts for nothing until it is well again.',
    subject: 'device',
    data: ['device', 'check', 'value', 'mean', 'sigma'],
  },
  'quaywatch.instrument.recalibrated': {
    summary:
      'An instrument was calibrated or worked at, or its charts have another centre line: they begin anew.',
    subject: 'device',
    data: ['device', 'check', 'what', 'by', 'mean', 'sigma'],
  },
  'quaywatch.instrument.restored': {
    summary: 'An instrument is in control again.',
    subject: 'device',
    data: ['device', 'check', 'value', 'since'],
  },
  'quaywatch.lot.alarm': {
    summary:
      'A test says that a lot is not what was declared: windows of the belt, radiation, or a rule of physics.',
    subject: 'lot',
    data: ['lot', 'stage', 'test', 'label', 'increment', 'fromT', 'toT', 'reason'],
  },
  'quaywatch.lot.announced': {
    summary: 'A lot was announced: what was declared, and what was drawn before anything was seen of it.',
    subject: 'lot',
    data: ['declared', 'draw', 'policy'],
  },
  'quaywatch.lot.verdict': {
    summary: 'What is concluded of a lot, what is to be done with it, and what that rests on.',
    subject: 'lot',
    data: [
      'lot',
      'outcome',
      'disposition',
      'coverage',
      'massT',
      'values',
      'reasons',
      'policy',
      'models',
      'draw',
    ],
  },
  'quaywatch.radiation.alarm': {
    summary:
      'More radiation than the background behind the same load: by counts, energy windows or dose rate.',
    subject: 'lot, or the device where no lot was on the belt',
    data: ['device', 'lot', 'cause', 'sigmas', 'windows', 'nuclide', 'positionM', 'massT'],
  },
  'quaywatch.radiation.occupancy': {
    summary:
      'Ore, or a vehicle, was in the field of a radiation instrument: from, to, and the most that was seen.',
    subject: 'device',
    data: ['device', 'from', 'to', 'measurements', 'sigmas', 'alarm'],
  },
  'quaywatch.sampler.requested': {
    summary: 'The sampler is to take a sample of a suspect increment; the box gives the command once.',
    subject: 'lot',
    data: ['lot', 'increment', 'node', 'device', 'action', 'parameters', 'reason'],
  },
} as const satisfies Record<string, EventType>;
