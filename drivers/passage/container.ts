/** Letters count from 10, without the multiples of 11 (ISO 6346 as its public descriptions have it). */
const letterValue = (char: string): number => {
  const code = char.charCodeAt(0);
  if (code < 65) return code - 48;
  const plain = code - 55;
  return plain + Math.floor((plain - 1) / 10);
};

export interface ContainerCheck {
  readonly ok: boolean;
  /** The remainder was ten, which is written as zero: such a number says less of itself than others. */
  readonly weak: boolean;
}

/** Whether the check digit of a container number fits; undefined for what has not the form of one. */
export function checkContainer(number: string): ContainerCheck | undefined {
  if (!/^[A-Z]{3}[UJZ]\d{7}$/.test(number)) return undefined;
  let sum = 0;
  for (let i = 0; i < 10; i++) sum += letterValue(number[i] as string) * 2 ** i;
  const remainder = sum % 11;
  return { ok: remainder % 10 === Number(number[10]), weak: remainder === 10 };
}
