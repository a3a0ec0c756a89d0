export { type Command, type CommandIo, describeError, UsageError, write } from '#firmware-config/command';
