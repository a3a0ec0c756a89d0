import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { explain } from './explain.mjs';
import { root, scratch } from './paths.mjs';
import { Refusal, say } from './refusal.mjs';

const progressSeconds = 5;
const keptBytes = 200_000;

/**
 * Runs a command to its end in silence but for a line of progress every few seconds; its output goes to
 * .scratch/setup.log. Throws a Refusal with the end of that output when it fails.
 * @param {string} what for the progress lines: `packages`, `SQLite`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined> }} [options]
 * @returns {Promise<string>} what it wrote to standard output
 */
export async function run(what, command, args, options = {}) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let standardOutput = '';
  /** @param {Buffer} chunk */
  const keep = (chunk) => {
    output = (output + chunk).slice(-keptBytes);
  };
  child.stdout.on('data', (chunk) => {
    standardOutput += chunk;
    keep(chunk);
  });
  child.stderr.on('data', keep);
  const progress = setInterval(() => say(`  … ${what}, ${seconds()} s`), progressSeconds * 1000);
  /** @type {number | string} */
  const ended = await new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  clearInterval(progress);
  log(`$ ${command} ${args.join(' ')}\n${output}\n`);
  if (ended === 0) return standardOutput;
  const reason = explain(output);
  if (reason) throw new Refusal(reason);
  const tail = output.trimEnd().split('\n').slice(-40).join('\n');
  const name = `${basename(command)} ${args[0] ?? ''}`.trim();
  throw new Refusal(
    `Set-up stopped at ${what}: \`${name}\` ended with ${ended} (see .scratch/setup.log).`,
    tail,
  );
}

/** @param {string} text */
function log(text) {
  try {
    mkdirSync(scratch, { recursive: true });
    appendFileSync(join(scratch, 'setup.log'), text);
  } catch {
    // A full disk must not hide what the command itself said of it.
  }
}
