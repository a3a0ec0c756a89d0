import type { Message } from '#flows/message';
import type { Codec, Framed } from '../driver.ts';
import { decodeMeasured } from './decode.ts';
import { type Measured, N42Document } from './document.ts';
import { maxPieceBytes, XmlStream } from './xml.ts';

/** A stream of documents; a frame is one measurement, handed on as soon as its element ends. */
export const n42Codec: Codec<Measured, Message, undefined> = {
  maxFrameBytes: maxPieceBytes,
  framer() {
    let out: Framed<Measured>[] = [];
    const document = new N42Document((frame) => out.push({ frame }));
    const xml = new XmlStream(document, (problem, bytes) => out.push({ problem, bytes }));
    const taken = () => {
      const all = out;
      out = [];
      return all;
    };
    return {
      push(bytes) {
        xml.push(bytes);
        return taken();
      },
      end() {
        xml.end();
        return taken();
      },
    };
  },
  decode: decodeMeasured,
  initial: () => undefined,
  assemble: (state, message) => [state, [message]],
  expire: (state) => [state, [], []],
  deadline: () => undefined,
};
