// @ts-check

/**
 * How everything of ours that runs as a process of Node is bundled by esbuild: its packages stay where they are. The folder is
 * the caller's to say: who is bundled himself cannot be told it from here.
 */
export const AS_PROCESS = /** @type {const} */ ({
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
});
