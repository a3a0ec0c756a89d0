/**
 * Something that the person at the terminal has to put right. Its message is the one line that says what
 * is wrong and what to do; `detail` is the output of the command that failed, where that helps.
 */
export class Refusal extends Error {
  /**
   * @param {string} message
   * @param {string} [detail]
   */
  constructor(message, detail = '') {
    super(message);
    this.name = 'Refusal';
    this.detail = detail;
  }
}

/**
 * Runs a script's body: a Refusal ends with its one line on standard error and exit code 1, anything else
 * is a fault of the script itself and keeps its stack.
 * @param {() => Promise<void>} body
 */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.detail) process.stderr.write(`${error.detail.trimEnd()}\n\n`);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** @param {string} line */
export const say = (line) => process.stdout.write(`${line}\n`);
