import { basename } from 'node:path';

/** How a process calls itself where `OTEL_SERVICE_NAME` does not say: by its entry file, `throughline-tap` for `tap.js`. */
export function serviceNameOf(entryFile: string | undefined): string {
  const name = basename(entryFile ?? '').replace(/\.[cm]?[jt]s$/, '');
  return name === '' ? 'throughline' : `throughline-${name}`;
}
