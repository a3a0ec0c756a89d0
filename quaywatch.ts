#!/usr/bin/env node
import { type Command, describeError, UsageError } from '#firmware-config/command';

/** Every command by name; a command's code, and edge or hub with it, is loaded when it is called. */
const commands: Record<string, () => Promise<Command>> = {
  audit: async () => (await import('#hub/commands/audit')).command,
  bench: async () => (await import('#test/bench/command')).command,
  berth: async () => (await import('#edge/commands/berth')).command,
  bundle: async () => (await import('#hub/commands/bundle')).command,
  calibrate: async () => (await import('#edge/commands/calibrate')).command,
  config: async () => (await import('#edge/commands/config')).command,
  decode: async () => (await import('#edge/commands/decode')).command,
  demo: async () => (await import('#edge/commands/demo')).command,
  doctor: async () => (await import('#edge/commands/doctor')).command,
  edge: async () => (await import('#edge/commands/edge')).command,
  flow: async () => (await import('#edge/commands/flow')).command,
  hub: async () => (await import('#hub/commands/hub')).command,
  model: async () => (await import('#edge/commands/model')).command,
  provision: async () => (await import('#edge/commands/provision')).command,
  record: async () => (await import('#edge/commands/record')).command,
  replay: async () => (await import('#edge/commands/replay')).command,
  simulate: async () => (await import('#edge/commands/simulate')).command,
  track: async () => (await import('#edge/commands/track')).command,
  update: async () => (await import('#edge/commands/update')).command,
  user: async () => (await import('#hub/commands/user')).command,
  xrf: async () => (await import('#edge/commands/xrf')).command,
};

async function help(): Promise<string> {
  const rows = await Promise.all(Object.values(commands).map((load) => load()));
  const entries = rows.map(({ usage, summary }) => `  ${usage.split(' | ').join('\n  ')}\n      ${summary}`);
  return `Usage: npm run -s quaywatch -- COMMAND …\n\n${entries.join('\n')}\n`;
}

async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help') {
    process.stdout.write(await help());
    return name === undefined ? 2 : 0;
  }
  const load = commands[name];
  if (!load) {
    process.stderr.write(`There is no command \`${name}\`: ${Object.keys(commands).join(', ')}.\n`);
    return 2;
  }
  const command = await load();
  if (rest.includes('--help')) {
    process.stdout.write(`${command.summary}\n\nUsage: npm run -s quaywatch -- ${command.usage}\n`);
    return 0;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(name));
  const { stdin, stdout, stderr } = process;
  // A reader that has had enough (`| head`) is no fault.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    return await command.run(rest, { stdin, stdout, stderr, signal: stop.signal });
  } catch (error) {
    const usage = error instanceof UsageError;
    stderr.write(
      `${describeError(error)}\n${usage ? `Usage: npm run -s quaywatch -- ${command.usage}\n` : ''}`,
    );
    return usage ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
