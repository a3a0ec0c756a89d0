export { type Command, type CommandIo, UsageError, write } from '#firmware-config/command';
