import { Compile } from 'typebox/compile';
import { type Message, messageSchemas } from '#flows/message';

const validators = new Map(Object.entries(messageSchemas).map(([kind, schema]) => [kind, Compile(schema)]));

/** Whether a message is what its schema says. */
export const isMessage = (message: Message): boolean => validators.get(message.kind)?.Check(message) ?? false;
