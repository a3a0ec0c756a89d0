import { SaxesParser, type SaxesTagPlain } from 'saxes';
import type { Problem } from '#flows/fault';
import { faults } from '../faults.ts';

/** What is told of a document while it comes. Names are without their prefix. */
export interface XmlListener {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
  /** The document is whole, or nothing more of it will come. */
  end(): void;
}

/** From one `>` to the next: a spectrum of 64 Ki channels with all its digits has room. */
export const maxPieceBytes = 4 * 1024 * 1024;

const closing = 0x3e;
const start = /<\?xml|<(?:[\w.-]+:)?(?:N42InstrumentData|RadInstrumentData)[\s>]/;
const localName = (name: string) => name.slice(name.indexOf(':') + 1);

/**
 * Reads one document after the other from a stream, in pieces that end at `>`, so that no more than one
 * piece is held and the pieces do not depend on how the bytes came. What is not well-formed ends its document:
 * after it values could be taken for those of another detector. The rest is skipped up to the next document.
 * External entities and those of a document type are not read.
 */
export class XmlStream {
  readonly #listener: XmlListener;
  readonly #problem: (problem: Problem, bytes: Uint8Array) => void;
  #parser: SaxesParser | undefined;
  #depth = 0;
  #held: Uint8Array[] = [];
  #length = 0;
  #skipped = 0;

  constructor(listener: XmlListener, problem: (problem: Problem, bytes: Uint8Array) => void) {
    this.#listener = listener;
    this.#problem = problem;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const found = bytes.indexOf(closing, at);
      const end = found < 0 ? bytes.length : found + 1;
      this.#hold(bytes.subarray(at, end));
      if (found >= 0) this.#piece();
      at = end;
    }
  }

  end(): void {
    const rest = Buffer.concat(this.#held).toString('utf8').trim();
    this.#held = [];
    this.#length = 0;
    if (this.#parser) {
      this.#problem(faults.problem('n42.cut'), Buffer.from(rest.slice(0, 256)));
      this.#stop();
    } else if (rest !== '') this.#skipped += rest.length;
    this.#tellSkipped();
  }

  #hold(bytes: Uint8Array): void {
    if (this.#length + bytes.length <= maxPieceBytes) {
      this.#held.push(bytes.slice());
      this.#length += bytes.length;
      return;
    }
    // Nothing that is meant is that long.
    if (this.#parser)
      this.#problem(faults.problem('n42.toolong', { limit: maxPieceBytes }), new Uint8Array());
    this.#stop();
    this.#skipped += this.#length + bytes.length;
    this.#held = [];
    this.#length = 0;
  }

  #piece(): void {
    const bytes = this.#held.length === 1 ? (this.#held[0] as Uint8Array) : Buffer.concat(this.#held);
    this.#held = [];
    this.#length = 0;
    let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    if (!this.#parser) {
      const found = start.exec(text);
      this.#skipped += found ? text.slice(0, found.index).trim().length : text.length;
      if (!found) return;
      this.#tellSkipped();
      text = text.slice(found.index);
      this.#begin();
    }
    try {
      this.#parser?.write(text);
    } catch (error) {
      const detail = error instanceof Error ? error.message : '?';
      this.#problem(faults.problem('n42.xml', { detail }), bytes.subarray(0, 256));
      this.#stop();
    }
  }

  #begin(): void {
    const parser = new SaxesParser({ fragment: false, position: false });
    this.#depth = 0;
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', (tag) => {
      const { name, attributes } = tag as SaxesTagPlain;
      this.#depth++;
      this.#listener.open(localName(name), attributes);
    });
    parser.on('text', (text) => this.#listener.text(text));
    parser.on('closetag', (tag) => {
      this.#listener.close(localName(tag.name));
      this.#depth--;
      // The root is closed: what follows is another document.
      if (this.#depth === 0) this.#stop();
    });
    this.#parser = parser;
  }

  #stop(): void {
    if (!this.#parser) return;
    this.#parser = undefined;
    this.#listener.end();
  }

  #tellSkipped(): void {
    if (this.#skipped > 0)
      this.#problem(faults.problem('n42.noise', { bytes: this.#skipped }), new Uint8Array());
    this.#skipped = 0;
  }
}
