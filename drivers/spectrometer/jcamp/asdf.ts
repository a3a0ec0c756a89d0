import { NotAsItsForm } from '../spectrum.ts';

/**
 * Ordinates in the ASCII forms of JCAMP-DX (Lampen and others; McDonald and Wilks, Appl. Spectrosc. 42, 1988):
 * AFFN and PAC, SQZ, DIF and DUP, mixed as they may be.
 */

/** A number's first character by form: its sign and first digit. */
const squeezed: Readonly<Record<string, string>> = {};
const differences: Readonly<Record<string, string>> = {};
const repeats: Readonly<Record<string, string>> = {};
fill(squeezed, '@ABCDEFGHI', 0);
fill(squeezed, 'abcdefghi', -1);
fill(differences, '%JKLMNOPQR', 0);
fill(differences, 'jklmnopqr', -1);
fill(repeats, 'STUVWXYZs', 1);

function fill(table: Record<string, string>, characters: string, from: number): void {
  [...characters].forEach((character, i) => {
    table[character] = from < 0 ? `-${i + 1}` : `${i + from}`;
  });
}

type Token = { readonly form: 'plain' | 'difference' | 'repeat'; readonly value: number };

const isDigit = (character: string | undefined) =>
  character !== undefined && ((character >= '0' && character <= '9') || character === '.');

/** Tokens of one line. `?` stands for a value that was not measured. */
function* tokens(line: string): Generator<Token> {
  let at = 0;
  while (at < line.length) {
    const character = line[at] as string;
    if (character === ' ' || character === '\t' || character === ',' || character === ';') {
      at++;
      continue;
    }
    if (character === '?') {
      at++;
      yield { form: 'plain', value: Number.NaN };
      continue;
    }
    let text: string;
    let form: Token['form'] = 'plain';
    if (character in squeezed) text = squeezed[character] as string;
    else if (character in differences) {
      form = 'difference';
      text = differences[character] as string;
    } else if (character in repeats) {
      form = 'repeat';
      text = repeats[character] as string;
    } else if (isDigit(character) || character === '+' || character === '-') text = character;
    else throw new NotAsItsForm(`there is no number that begins with ${character}`);
    at++;
    while (isDigit(line[at])) text += line[at++];
    // An E is the squeezed 5, but for an exponent: with a sign, or behind a decimal point.
    const plain = form === 'plain' && !(character in squeezed);
    const exponent = plain ? /^[Ee]([+-]?)\d+/.exec(line.slice(at, at + 8)) : null;
    if (exponent && (exponent[1] || text.includes('.'))) {
      text += exponent[0];
      at += exponent[0].length;
    }
    const value = Number(text);
    if (Number.isNaN(value)) throw new NotAsItsForm(`${text} is no number`);
    yield { form, value };
  }
}

export interface Line {
  /** The abscissa that the line begins with, before its factor. */
  readonly x: number;
  readonly y: readonly number[];
  /** The line ended with a difference: the next one begins with its last value again, as a check. */
  readonly checked: boolean;
}

/**
 * One line of `(X++(Y..Y))`: the abscissa, then ordinates, `room` of them at most: a repetition of a few characters says
 * thousands of millions.
 */
export function readLine(line: string, room = 1e6): Line | undefined {
  let x: number | undefined;
  const y: number[] = [];
  let last: Token | undefined;
  for (const token of tokens(line)) {
    if (x === undefined) {
      if (token.form !== 'plain') throw new NotAsItsForm('a line does not begin with its abscissa');
      x = token.value;
      continue;
    }
    if (token.form === 'repeat') {
      if (!last) throw new NotAsItsForm('a line begins with a repetition');
      if (y.length + token.value - 1 > room)
        throw new NotAsItsForm(`a repetition of ${token.value} is more than there are points`);
      // It counts the value that stands before it too.
      for (let i = 1; i < token.value; i++) push(y, last);
      continue;
    }
    push(y, token);
    last = token;
  }
  return x === undefined ? undefined : { x, y, checked: last?.form === 'difference' };
}

function push(y: number[], token: Token): void {
  if (token.form !== 'difference') y.push(token.value);
  else if (y.length === 0) throw new NotAsItsForm('a line begins with a difference');
  else y.push((y.at(-1) as number) + token.value);
}

/** Numbers in pairs, as `(XY..XY)` has them. */
export function readPairs(text: string): readonly (readonly [number, number])[] {
  const numbers = text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(Number);
  if (numbers.length % 2 !== 0) throw new NotAsItsForm('a pair is not whole');
  return Array.from({ length: numbers.length / 2 }, (_, i) => [
    numbers[2 * i] as number,
    numbers[2 * i + 1] as number,
  ]);
}
