import { spawn } from 'node:child_process';
import { root } from '../setup/paths.mjs';
import { say } from '../setup/refusal.mjs';

/**
 * Runs a command with its output in plain view, killed when it takes too long.
 * @param {readonly string[]} args for Node: a program and its arguments
 * @param {number} limitSeconds
 * @returns {Promise<number | string>} exit code, or why there is none
 */
export async function node(args, limitSeconds) {
  // A group of its own, so that what hangs is ended with its children.
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined };
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...plain },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  let late = false;
  /** @param {NodeJS.Signals} signal */
  const end = (signal) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // it ended by itself in the meantime
    }
  };
  const timer = setTimeout(() => {
    late = true;
    end('SIGKILL');
  }, limitSeconds * 1000);
  const interrupted = () => {
    end('SIGTERM');
    process.exit(130);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  /** @type {number | string} */
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  clearTimeout(timer);
  process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  if (!late) return ended;
  say(`Stopped after ${limitSeconds} s: it hung.`);
  return 'timeout';
}

/**
 * @param {string} title
 * @param {() => Promise<import('./tally.mjs').Tally>} body
 */
export async function step(title, body) {
  say(`\n== ${title}`);
  const started = Date.now();
  const tally = await body();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  say(`-- ${title}: ${tally.failed > 0 ? 'FAILED' : 'ok'}, ${seconds} s`);
  return tally;
}
