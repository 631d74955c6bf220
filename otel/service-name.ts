import { basename, dirname } from 'node:path';

/**
 * How a process calls itself where `OTEL_SERVICE_NAME` does not say: by its entry file, `throughline-tap` for
 * `main/tap.js`, `throughline-demo-ask` for `demo/ask.js`.
 */
export function serviceNameOf(entryFile: string | undefined): string {
  const name = basename(entryFile ?? '').replace(/\.[cm]?[jt]s$/, '');
  if (name === '') return 'throughline';
  return basename(dirname(entryFile ?? '')) === 'demo' ? `throughline-demo-${name}` : `throughline-${name}`;
}
