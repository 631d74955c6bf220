import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { type ConfigResult, loadConfig } from './load-config.ts';
import type { RawEnvironment } from './read-environment.ts';

/** The one place that reads the environment of this process. */
export function processEnvironment(): RawEnvironment {
  return Object.freeze({ ...process.env });
}

/** The configuration of this process: its environment, and `throughline.yaml` of its working folder. */
export function processConfig(env: RawEnvironment = processEnvironment()): ConfigResult {
  return loadConfig({
    env,
    workingDir: process.cwd(),
    platform: {
      platform: process.platform,
      home: homedir(),
      isRoot: process.getuid?.() === 0,
      xdgDataHome: env.XDG_DATA_HOME,
      xdgCacheHome: env.XDG_CACHE_HOME,
    },
    readFile: (path) => readFileSync(path, 'utf8'),
  });
}
