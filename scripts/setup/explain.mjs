/**
 * The faults of set-up that people meet, with what to do about each. First match wins.
 * @type {readonly (readonly [RegExp, string])[]}
 */
const known = [
  [
    /ENOSPC|No space left on device|disk quota exceeded/i,
    'The disk is full: free at least 1.5 GB where the checkout and the npm cache lie, then run it again.',
  ],
  [
    /EACCES|EPERM|Permission denied/,
    'A file may not be written: the checkout or the npm cache belongs to another user; give it to this one, or clone anew.',
  ],
  [
    /EUSAGE|can only install packages when your package\.json and package-lock\.json/,
    'package.json and package-lock.json disagree: run `npm install`, and commit the lock file.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
    'The package registry cannot be reached: check the network and `npm config get registry`, then run it again.',
  ],
  [
    /not found: (make|c\+\+|g\+\+)|(make|c\+\+|g\+\+): (command )?not found|Could not find any Python/i,
    'A C++ compiler, make or Python 3 is missing: install them (Debian: `apt-get install g++ make python3`).',
  ],
];

/**
 * One line on what to do about a failed command; undefined when its output has to speak for itself.
 * @param {string} output
 */
export const explain = (output) => known.find(([pattern]) => pattern.test(output))?.[1];
