import { checkDigit } from '#flows/container-number';

/** A container number of the invented owner QWLU. */
export function containerNumber(serial: number): string {
  const body = `QWLU${String(serial % 1_000_000).padStart(6, '0')}`;
  return `${body}${checkDigit(body)}`;
}
