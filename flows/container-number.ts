/** Letters count from 10, without the multiples of 11 (ISO 6346 as its public descriptions have it). */
const numberOf = (char: string): number => {
  const code = char.charCodeAt(0);
  if (code < 65) return code - 48;
  const plain = code - 55;
  return plain + Math.floor((plain - 1) / 10);
};

/** Remainder of the sum over owner, category and serial, 0 to 10. */
function remainderOf(body: string): number {
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += numberOf(body[i] as string) * 2 ** i;
  return sum % 11;
}

/** Check digit of owner, category and serial (10 characters). */
export const checkDigit = (body: string): number => remainderOf(body) % 10;

export interface ContainerCheck {
  readonly ok: boolean;
  /** The remainder was ten, which is written as zero: such a number says less of itself than others. */
  readonly weak: boolean;
}

/** Whether the check digit of a container number fits; undefined for what has not the form of one. */
export function checkContainer(number: string): ContainerCheck | undefined {
  if (!/^[A-Z]{3}[UJZ]\d{7}$/.test(number)) return undefined;
  const remainder = remainderOf(number);
  return { ok: remainder % 10 === Number(number[10]), weak: remainder === 10 };
}

/** Characters that readers take for each other. */
const lookalikes = ['0ODQ', '1IL', '2Z', '5S', '6G', '8B', '4A', '7T', 'UV', 'MN'] as const;
const classes = ['letter', 'letter', 'letter', 'category', ...Array<'digit'>(7).fill('digit')] as const;
const belongs = { letter: /[A-Z]/, category: /[UJZ]/, digit: /\d/ } as const;
/** More characters than these are not mended: what comes out would be a guess. */
const mostChanges = 2;

export interface ContainerRepair {
  /** What was read, or the only number that it can be meant to be; undefined when there are several, or none. */
  readonly number?: string;
  /** All numbers that fit with the fewest characters changed; more than one: nobody can tell. */
  readonly candidates: readonly string[];
  readonly changes: number;
}

/**
 * Mends a number as a camera read it: characters of the wrong class, or a check digit that does not fit, by
 * lookalikes. Never picks one of several.
 */
export function repairContainer(text: string): ContainerRepair {
  const read = text.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (read.length !== classes.length) return { candidates: [], changes: 0 };
  const options = classes.map((kind, i) => {
    const char = read[i] as string;
    const alike = lookalikes.filter((group) => group.includes(char)).flatMap((group) => [...group]);
    return [...new Set([char, ...alike])].filter((one) => belongs[kind].test(one));
  });
  for (let changes = 0; changes <= mostChanges; changes++) {
    const candidates = variants(read, options, changes).filter((one) => checkContainer(one)?.ok);
    const [number] = candidates;
    if (number === undefined) continue;
    return { ...(candidates.length === 1 ? { number } : {}), candidates, changes };
  }
  return { candidates: [], changes: 0 };
}

/** All ways to read the text with exactly so many characters changed, in order. */
function variants(read: string, options: readonly (readonly string[])[], changes: number): string[] {
  let made = [{ text: '', left: changes }];
  options.forEach((chars, i) => {
    made = made.flatMap(({ text, left }) =>
      chars.flatMap((char) => {
        const after = char === read[i] ? left : left - 1;
        return after < 0 ? [] : [{ text: text + char, left: after }];
      }),
    );
  });
  return made
    .filter(({ left }) => left === 0)
    .map(({ text }) => text)
    .sort();
}
