import { readIfThere } from './files.ts';

/** Version of the software, from the nearest package.json above (source tree or build). */
export function softwareVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    const text = readIfThere(new URL(path, import.meta.url).pathname);
    if (text === undefined) continue;
    const { name, version } = JSON.parse(text) as { name?: string; version?: string };
    if (name === 'quaywatch' && version) return version;
  }
  return '0.0.0';
}
