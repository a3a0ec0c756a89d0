import { Type } from 'typebox';
import type { CommandDefinition } from './command.ts';

/**
 * A tracker's own text command. It may switch whatever the tracker has wired to it, so two officers must want it; what
 * it did, no report of ours says: the tracker's answer is all that can be had.
 */
export const textCommand: CommandDefinition = {
  action: 'command',
  summary: 'Sends a text command of the maker, such as one that switches an output.',
  parameters: Type.Object(
    {
      text: Type.String({
        description: "The command in the maker's own words.",
        pattern: '^[\\x20-\\x7e]+$',
        minLength: 1,
        maxLength: 200,
      }),
    },
    { additionalProperties: false },
  ),
  physical: true,
};
