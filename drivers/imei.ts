/** Fifteen digits, for a simulated device that is not named by them: always the same. */
export function imeiOf(device: string | undefined): string {
  const name = device ?? 'simulated';
  if (/^\d{15}$/.test(name)) return name;
  let hash = 7n;
  for (const char of name) hash = (hash * 31n + BigInt(char.codePointAt(0) ?? 0)) % 10n ** 14n;
  return `9${hash.toString().padStart(14, '0')}`;
}
