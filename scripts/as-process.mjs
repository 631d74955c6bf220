// @ts-check
import { root } from './tracked-files.mjs';

/** How everything of ours that runs as a process of Node is bundled: by esbuild, its packages left where they are. */
export const AS_PROCESS = /** @type {const} */ ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
