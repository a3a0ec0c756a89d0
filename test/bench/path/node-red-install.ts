import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What is installed to compare with; Node-RED 5 needs Node 22, which the first package carries. */
export const nodeRedVersion = '5.0.7';
const packages = {
  [`node-linux-${process.arch}`]: '22.23.3',
  'node-red': nodeRedVersion,
  flatbush: '4.7.0',
  '@turf/boolean-point-in-polygon': '7.4.0',
};

export interface NodeRedInstall {
  readonly node: string;
  readonly script: string;
  readonly modules: string;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Installs Node-RED by npm into the user's cache folder, or finds it there from the last time. */
export async function installNodeRed(log: (line: string) => void): Promise<NodeRedInstall> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'quaywatch', 'bench');
  const folder = join(cache, `node-red-${nodeRedVersion}-${process.arch}`);
  if (!(await exists(folder))) {
    log(`installing Node-RED ${nodeRedVersion} with its own Node 22 into ${folder}`);
    const partial = `${folder}.${process.pid}`;
    await mkdir(partial, { recursive: true });
    await writeFile(join(partial, 'package.json'), JSON.stringify({ private: true, dependencies: packages }));
    const flags = [
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--engine-strict=false',
    ];
    try {
      await promisify(execFile)('npm', ['install', ...flags], { cwd: partial, timeout: 300_000 });
      await rename(partial, folder);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      if (!(await exists(folder))) throw error;
    }
  }
  const modules = join(folder, 'node_modules');
  return {
    modules,
    node: join(modules, `node-linux-${process.arch}`, 'bin', 'node'),
    script: join(modules, 'node-red', 'red.js'),
  };
}
