/** What a disk keeps or loses as a piece, bytes. */
const sectorBytes = 512;

/** A file on a disk with a cache: its content, and what of it the last sync did not yet make certain. */
export class Inode {
  #content: Buffer;
  #length: number;
  /** Of each sector that was touched since the last sync: what it had then, and after each write. */
  readonly #sectors = new Map<number, Buffer[]>();
  /** The length at the last sync, and each since. */
  #lengths: number[];

  constructor(content: Buffer) {
    this.#content = Buffer.from(content);
    this.#length = content.length;
    this.#lengths = [content.length];
  }

  write(offset: number, data: Buffer): void {
    const end = offset + data.length;
    this.#touch(offset, end, () => data.copy(this.#grown(end), offset));
    if (end > this.#length) this.#resize(end);
  }

  truncate(length: number): void {
    const end = Math.max(length, this.#length);
    this.#touch(Math.min(length, this.#length), end, () => this.#grown(end).fill(0, length, end));
    this.#resize(length);
  }

  #resize(length: number): void {
    this.#length = length;
    this.#lengths.push(length);
  }

  #grown(length: number): Buffer {
    if (length > this.#content.length) {
      const larger = Buffer.alloc(Math.max(length, this.#content.length * 2));
      this.#content.copy(larger);
      this.#content = larger;
    }
    return this.#content;
  }

  #touch(from: number, to: number, change: () => void): void {
    this.#grown(to);
    const sectors: number[] = [];
    for (let at = Math.floor(from / sectorBytes); at * sectorBytes < to; at++) sectors.push(at);
    for (const sector of sectors)
      if (!this.#sectors.has(sector)) this.#sectors.set(sector, [this.#sector(sector)]);
    change();
    for (const sector of sectors) this.#sectors.get(sector)?.push(this.#sector(sector));
  }

  #sector(sector: number): Buffer {
    const from = sector * sectorBytes;
    return Buffer.from(this.#content.subarray(from, from + sectorBytes));
  }

  sync(): void {
    this.#sectors.clear();
    this.#lengths = [this.#length];
  }

  whole(): Buffer {
    return Buffer.from(this.#content.subarray(0, this.#length));
  }

  /** As a power cut leaves it. */
  torn(random: () => number): Buffer {
    const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)] as T;
    const length = pick(this.#lengths);
    const result = Buffer.alloc(length);
    this.#content.copy(result, 0, 0, Math.min(length, this.#content.length));
    for (const [sector, versions] of this.#sectors)
      if (sector * sectorBytes < length) pick(versions).copy(result, sector * sectorBytes);
    return result;
  }
}
