import { type Emission, eventId, type Origin } from '#flows/event';
import { canonical } from '#flows/trust/canonical';

/** The flow that an emission came from. */
export interface FlowIdentity {
  readonly id: string;
  readonly hash: string;
}

export interface EventNumbers {
  readonly sequence: number;
  readonly previous: number;
}

export interface EventExtensions {
  readonly traceparent?: string;
  readonly clockoffsetms?: number;
}

const quote = JSON.stringify;

/**
 * The event in canonical form, as it is stored and sent: `canonical(toEvent(...))` without sorting
 * members whose order is known. So a batch is signed by joining texts, and nothing is parsed again.
 */
export function eventText(
  emission: Emission,
  origin: Origin,
  flow: FlowIdentity,
  numbers: EventNumbers,
  extensions: EventExtensions,
): string {
  const { subject, supersedes } = emission;
  const { clockoffsetms, traceparent } = extensions;
  return (
    `{"box":${quote(origin.box)}` +
    (clockoffsetms === undefined ? '' : `,"clockoffsetms":${quote(clockoffsetms)}`) +
    `,"data":${canonical(emission.data)},"flowhash":${quote(flow.hash)}` +
    `,"id":${quote(eventId(origin.box, numbers.sequence))},"previous":${numbers.previous}` +
    `,"priority":"${emission.priority}","sequence":${numbers.sequence},"site":${quote(origin.site)}` +
    `,"source":${quote(`/boxes/${origin.box}/flows/${flow.id}/${emission.stage}`)},"specversion":"1.0"` +
    (subject === undefined ? '' : `,"subject":${quote(subject)}`) +
    (supersedes === undefined ? '' : `,"supersedes":${quote(supersedes)}`) +
    `,"time":${quote(emission.time)}` +
    (traceparent === undefined ? '' : `,"traceparent":${quote(traceparent)}`) +
    `,"type":${quote(emission.type)}}`
  );
}

/** Trace contexts of one process: unique by a random half and the sequence, with no hashing per event. */
export function traceparents(random: () => number): (sequence: number) => string {
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');
  const half = `${hex(Math.floor(random() * 2 ** 32), 8)}${hex(Math.floor(random() * 2 ** 32), 8)}`;
  return (sequence) => {
    const own = hex(sequence, 16);
    return `00-${half}${own}-${own}-01`;
  };
}
