/** What the process that holds a serial line and the box say to each other beside the bytes. */

/** The line's settings, as the one argument of the process, JSON. */
export interface SerialLine {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  /** Bytes kept while the box does not read; what is over is lost and counted. */
  readonly holdBytes: number;
}

export type FromHost =
  | { readonly kind: 'open' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'gone'; readonly detail: string }
  | { readonly kind: 'lost'; readonly count: number };

export interface ToHost {
  readonly kind: 'close';
}
