import { readFile } from 'node:fs/promises';

/** Version in package.json, which lies above the source tree and above dist alike. */
export async function softwareVersion(): Promise<string> {
  for (const path of ['../package.json', '../../package.json']) {
    const text = await readFile(new URL(path, import.meta.url), 'utf8').catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version;
  }
  return '0';
}
