import type { Problem } from '#flows/fault';

/** What a link brings to the hub, whatever carries it. */
export interface LinkEnds {
  /** A payload from a box; the link is not read on until a returned promise resolves. */
  onUp(box: string, payload: Uint8Array): Promise<void> | undefined;
  /** As `onUp`, binary, of scans. */
  onScans(box: string, payload: Uint8Array): Promise<void> | undefined;
  /** The box can be spoken to from now on. */
  onReady(box: string): void;
  onLink(box: string, state: 'connected' | 'lost'): void;
  /** It did what it may not, and was cut or refused. */
  onRefused(box: string, problem: Problem): void;
}
