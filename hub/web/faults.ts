import type { ApiProblem } from '#hub/api/types';

/** What can go wrong on the screen's own side; what the hub refuses comes with its own code and help. */
const table = {
  'hub.unreachable': {
    message: 'The hub does not answer.',
    help: 'Check that the hub runs and that this machine reaches it. The screen keeps trying by itself.',
  },
  'hub.answer': {
    message: 'The hub gave an answer that the screen cannot read.',
    help: 'Hub and screen may be of different versions: load the page anew, and tell the operator if it stays.',
  },
  'box.unreachable': {
    message: 'The box does not answer.',
    help: 'Look whether it has power and runs. What is shown is what it said last; the page keeps trying.',
  },
  'map.graphics': {
    message: 'The map cannot be drawn on this machine.',
    help: 'It needs WebGL 2: turn on hardware acceleration in the browser, or use another machine. Lists work without it.',
  },
  'scan.graphics': {
    message: 'The scan cannot be drawn on this machine.',
    help: 'It needs WebGL 2: turn on hardware acceleration in the browser, or use another machine. Verdict and reasons are at the right all the same.',
  },
  'map.ground': {
    message: 'The coast lines of the base map could not be loaded.',
    help: 'The map works without them. Load the page anew to try again.',
  },
} as const;

export type ScreenCode = keyof typeof table;

export const screenProblem = (code: ScreenCode, at?: string): ApiProblem => ({
  status: 0,
  code,
  ...table[code],
  ...(at === undefined ? {} : { at }),
});
