import { Compile } from 'typebox/compile';
import type { Problem } from '#flows/fault';
import { type Kind, type Message, messageSchemas } from '#flows/message';
import { faults } from '../faults.ts';
import { deviceKinds } from './mapping.ts';

type Validator = ReturnType<typeof Compile>;

/** Checks what a device or a mapping made against the schema of its kind. Compiled on first use. */
export function messageChecker(): (candidate: Record<string, unknown>) => Message | Problem {
  const validators = new Map<string, Validator>();
  const allowed: readonly string[] = deviceKinds;
  return (candidate) => {
    const kind = String(candidate.kind);
    if (!allowed.includes(kind)) {
      const detail = `a device may send ${deviceKinds.join(', ')}`;
      return faults.problem('json.message', { kind: kind.slice(0, 40), path: '/kind', detail });
    }
    let validator = validators.get(kind);
    if (!validator) {
      validator = Compile(messageSchemas[kind as Kind]);
      validators.set(kind, validator);
    }
    if (validator.Check(candidate)) return candidate as unknown as Message;
    const [first] = validator.Errors(candidate);
    const path = first?.instancePath === '' ? '/' : (first?.instancePath ?? '/');
    return faults.problem('json.message', { kind, path, detail: first?.message ?? 'it fits no schema' });
  };
}
