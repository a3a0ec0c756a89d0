/** One labelled record: `##LABEL= value`, and the lines below it. */
export interface Labelled {
  readonly label: string;
  readonly value: string;
  readonly lines: readonly string[];
}

/** Labels are compared without case, spaces, dashes, slashes and underscores. */
const plain = (label: string) => label.toUpperCase().replace(/[\s\-/_]/g, '');

/** The records of a file, comments (`$$`) left out. */
export function labels(text: string): Labelled[] {
  const found: { label: string; value: string; lines: string[] }[] = [];
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const comment = raw.indexOf('$$');
    const line = comment < 0 ? raw : raw.slice(0, comment);
    const match = /^\s*##([^=]*)=(.*)$/.exec(line);
    if (match) found.push({ label: plain(match[1] ?? ''), value: (match[2] ?? '').trim(), lines: [] });
    else if (line.trim() !== '') found.at(-1)?.lines.push(line);
  }
  return found;
}
