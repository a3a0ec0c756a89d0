import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { BoxConfig } from '#firmware-config/box';
import { type Command, UsageError } from '#firmware-config/command';
import { apply, type Outcome } from '#firmware-config/provision/apply';
import { makePlan } from '#firmware-config/provision/plan';
import { systemPrograms } from '#firmware-config/provision/programs';
import { type Step, summaryOf } from '#firmware-config/provision/step';
import { isDriverNode } from '#flows/flow';
import { parseFlow } from '#flows/parse';
import { loadConfig } from '../config.ts';
import { parseCall } from './parse-call.ts';

/** Addresses on which the flows of the config listen; a flow that is not here yet opens no port. */
function listensOf(config: BoxConfig, say: (line: string) => void): string[] {
  return config.flows.flatMap((file) => {
    if (!existsSync(file)) {
      say(`${file} is not there: what it listens on is not opened.`);
      return [];
    }
    const parsed = parseFlow(readFileSync(file, 'utf8'));
    if ('problems' in parsed) {
      say(`${file} is not valid: what it listens on is not opened.`);
      return [];
    }
    return parsed.document.nodes
      .filter(isDriverNode)
      .map(({ config: fields }) => fields.listen)
      .filter((listen): listen is string => typeof listen === 'string');
  });
}

const pad = (text: string, width: number): string => text.padEnd(width);

function table(steps: readonly Step[]): string {
  const width = Math.max(...steps.map(({ id }) => id.length));
  return steps
    .map(
      (step, n) =>
        `${pad(String(n + 1), 3)}${pad(step.id, width + 2)}${summaryOf(step)}\n${pad('', width + 5)}${step.why}\n`,
    )
    .join('');
}

const line = ({ id, state, detail, help }: Outcome): string =>
  `${pad(state, 8)}${id}: ${detail}${help ? `\n        ${help}` : ''}\n`;

/** `quaywatch provision`: the plan that makes a bare Debian into a box, shown or carried out. */
export const command: Command = {
  name: 'provision',
  summary: 'Shows, and with --apply carries out, the plan that makes a bare Debian into the box of a config.',
  usage: 'provision --config FILE [--plan | --apply] [--root DIR] [--json]',
  async run(args, io) {
    const { values } = parseCall(() =>
      parseArgs({
        args,
        options: {
          config: { type: 'string' },
          plan: { type: 'boolean' },
          apply: { type: 'boolean' },
          root: { type: 'string' },
          json: { type: 'boolean' },
        },
      }),
    );
    if (!values.config) throw new UsageError('The plan is made from a config: --config FILE.');
    if (values.plan && values.apply) throw new UsageError('Give either --plan or --apply.');
    if (values.root && !existsSync(values.root)) throw new UsageError(`There is no folder ${values.root}.`);
    const config = loadConfig(values.config);
    const listens = listensOf(config, (text) => io.stderr.write(`${text}\n`));
    const plan = makePlan({ config, configFile: resolve(values.config), listens });
    if (!values.apply) {
      io.stdout.write(values.json ? `${JSON.stringify(plan, null, 2)}\n` : table(plan.steps));
      return 0;
    }
    if (!values.root && process.getuid?.() !== 0)
      throw new UsageError('Only root can apply a plan to a machine.');
    let wrong = 0;
    const root = values.root === undefined ? {} : { root: resolve(values.root) };
    for (const outcome of apply(plan, { ...root, programs: systemPrograms })) {
      io.stdout.write(values.json ? `${JSON.stringify(outcome)}\n` : line(outcome));
      if (outcome.state === 'failed') wrong += 1;
    }
    return wrong > 0 ? 1 : 0;
  },
};
