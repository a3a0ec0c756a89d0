import type { TObject } from 'typebox';
import type { Expected } from '#flows/command';

/** Something that a driver can make its device do. */
export interface CommandDefinition {
  readonly action: string;
  /** One sentence for screens and docs. */
  readonly summary: string;
  readonly parameters: TObject;
  /** It moves something, or may: two different officers must want it. */
  readonly physical: boolean;
  /** What the device reports when it is done; absent: its acknowledgement is all that can be had. */
  readonly confirmedBy?: Expected;
}

/** One action of one device, checked and authorised. */
export interface DeviceOrder {
  readonly device: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Aborted when nobody waits for the acknowledgement any more. */
  readonly signal: AbortSignal;
}
